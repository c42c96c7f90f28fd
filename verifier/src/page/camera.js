// The camera: opened, turned, lit, lost and opened again; its frames go to the reader one at a time.

/** @typedef {"off" | "ready" | "reading" | "denied" | "missing" | "taken" | "insecure"} State */
/** @typedef {{ video: HTMLVideoElement, read: (video: HTMLVideoElement) => Promise<string[]>,
 *   found: (texts: string[]) => Promise<void>, said: (state: State) => void }} Doors */

// Faster than a hand moves, slow enough for a battery.
const BETWEEN = 80;
// Where a browser tells of no frame, such as of a picture that it does not draw, one is taken all the same.
const NO_FRAME = 250;

export class Camera {
  /** @param {Doors} doors */
  constructor(doors) {
    this.doors = doors;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {"environment" | "user"} */
    this.facing = "environment";
    this.run = 0;
    /** @type {{ release(): Promise<void> } | null} */
    this.lock = null;
  }

  get isOn() {
    return this.stream !== null;
  }

  /** Open it; says what became of it. @returns {Promise<boolean>} */
  async start() {
    this.stop(null);
    if (!navigator.mediaDevices?.getUserMedia) return this.said(isSecureContext ? "missing" : "insecure");
    const run = ++this.run;
    const wanted = { facingMode: this.facing, width: { ideal: 1280 }, height: { ideal: 960 } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (run !== this.run) {
        for (const track of stream.getTracks()) track.stop();
        return false;
      }
      this.stream = stream;
    } catch (error) {
      return run === this.run && this.said(trouble(/** @type {Error} */ (error).name));
    }
    for (const track of this.stream.getTracks()) track.addEventListener("ended", () => run === this.run && this.stop("taken"));
    this.doors.video.srcObject = this.stream;
    this.said("ready");
    await this.stayAwake();
    this.watch(run);
    return true;
  }

  /** Close it. @param {State | null} state what is said of it */
  stop(state) {
    this.run += 1;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.doors.video.srcObject = null;
    this.lock?.release().catch(() => undefined);
    this.lock = null;
    if (state) this.said(state);
  }

  /** Show the picture in another place of the page; it goes on. @param {HTMLElement} place */
  showIn(place) {
    const { video } = this.doors;
    if (video.parentElement !== place) place.prepend(video);
    video.hidden = !this.isOn;
    if (this.isOn) video.play().catch(() => undefined);
  }

  /** The other camera. */
  async turn() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    return this.start();
  }

  /** @returns {MediaStreamTrack | undefined} */
  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(/** @type {any} */ (this.track?.getCapabilities?.())?.torch);
  }

  /** @param {boolean} on @returns {Promise<boolean>} whether it is lit now */
  async light(on) {
    try {
      await this.track?.applyConstraints({ advanced: [/** @type {any} */ ({ torch: on })] });
      return on;
    } catch {
      return false;
    }
  }

  /** @param {State} state */
  said(state) {
    this.doors.said(state);
    return false;
  }

  /** @param {number} run */
  async watch(run) {
    const { video } = this.doors;
    await video.play().catch(() => undefined);
    while (run === this.run) {
      const begun = performance.now();
      await nextFrame(video);
      if (run !== this.run) return;
      if (!video.videoWidth || document.hidden) continue;
      const texts = await this.doors.read(video);
      if (run !== this.run) return;
      await this.doors.found(texts);
      await pause(BETWEEN - (performance.now() - begun));
    }
  }

  async stayAwake() {
    try {
      this.lock = (await /** @type {any} */ (navigator).wakeLock?.request("screen")) ?? null;
    } catch {
      this.lock = null; // a low battery may say no
    }
  }
}

/** @param {string} name @returns {State} */
function trouble(name) {
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return name === "NotReadableError" || name === "AbortError" ? "taken" : "denied";
}

/** @param {HTMLVideoElement} video @returns {Promise<void>} */
function nextFrame(video) {
  return new Promise((done) => {
    const told = "requestVideoFrameCallback" in video;
    const seen = () => {
      clearTimeout(timer);
      done();
    };
    const asked = told ? video.requestVideoFrameCallback(seen) : requestAnimationFrame(seen);
    // Where none comes the question is taken back, so that questions do not pile up.
    const timer = setTimeout(() => {
      if (told) video.cancelVideoFrameCallback(asked);
      else cancelAnimationFrame(asked);
      done();
    }, NO_FRAME);
  });
}

/** @param {number} length */
function pause(length) {
  return length > 0 ? new Promise((done) => setTimeout(done, length)) : undefined;
}
