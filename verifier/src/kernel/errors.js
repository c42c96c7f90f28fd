// A "no" with a stable code of the register; the detail is for engineers and holds no personal data.

export class RefusalError extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
  }
}

/** Key material that could not be read, or fits no algorithm that Huxin knows. */
export class UnusableKeyError extends Error {}
