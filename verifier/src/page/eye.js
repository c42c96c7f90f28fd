// The page's side of the reader: one question at a time, an answer or a fault for each, and a new thread where one died.

/** @typedef {import("./reader.js").Told} Told */

// A frame is read in a tenth of a second; a still may take some.  Longer means that the thread is lost.
const PATIENCE = 30_000;
// A thread that cannot be had is not asked for again with every frame.
const REST = 5_000;

/** Reads codes out of frames and pictures. */
export class Eye {
  /** @param {() => void} troubled is called when the thread was lost */
  constructor(troubled) {
    this.troubled = troubled;
    /** @type {Worker | null} */
    this.worker = null;
    this.number = 0;
    /** @type {Map<number, { done: (told: Told) => void, timer: ReturnType<typeof setTimeout> }>} */
    this.waiting = new Map();
    this.busy = false;
    this.restUntil = 0;
  }

  /** Fetch the reader before it is needed: without a network it could not be fetched later. */
  begin() {
    if (this.worker || performance.now() < this.restUntil) return;
    this.worker = new Worker(new URL("./reader.js", document.baseURI), { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.answered(data));
    this.worker.addEventListener("error", () => this.lost());
  }

  /** Return the texts in a frame; nothing while another is still being looked at. @param {CanvasImageSource & { videoWidth?: number }} source @returns {Promise<string[]>} */
  async frame(source) {
    if (this.busy) return [];
    this.busy = true;
    try {
      const { picture, kept } = await taken(/** @type {HTMLVideoElement} */ (source));
      return (await this.ask(picture, kept)).texts;
    } catch {
      return []; // such as a frame that went away while it was taken
    } finally {
      this.busy = false;
    }
  }

  /** Return the texts in a picture that was chosen, or the code of what is wrong with it. @param {Blob} file @returns {Promise<Told>} */
  async still(file) {
    if ("OffscreenCanvas" in globalThis) return this.ask({ file }, []);
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return { id: 0, texts: [], fault: "picture" };
    const pixels = drawn(picture, picture.width, picture.height, WIDEST_STILL);
    return this.ask({ pixels, still: true }, [pixels.data.buffer]);
  }

  /** @param {object} what @param {Transferable[]} moved @returns {Promise<Told>} */
  ask(what, moved) {
    this.begin();
    this.number += 1;
    const id = this.number;
    if (!this.worker) return Promise.resolve({ id, texts: [], fault: "reader" });
    return new Promise((done) => {
      const timer = setTimeout(() => this.lost(), PATIENCE);
      this.waiting.set(id, { done, timer });
      this.worker?.postMessage({ id, ...what }, moved);
    });
  }

  /** @param {Told} told */
  answered(told) {
    const waits = this.waiting.get(told.id);
    if (!waits) return;
    clearTimeout(waits.timer);
    this.waiting.delete(told.id);
    waits.done(told);
  }

  lost() {
    this.worker?.terminate();
    this.worker = null;
    this.restUntil = performance.now() + REST;
    this.troubled();
    for (const id of [...this.waiting.keys()]) this.answered({ id, texts: [], fault: "reader" });
  }
}

const WIDEST = 1280;
const WIDEST_STILL = 4000;

/** Take a frame as the quickest thing this browser has. @param {HTMLVideoElement} video @returns {Promise<{ picture: object, kept: Transferable[] }>} */
async function taken(video) {
  if ("createImageBitmap" in globalThis && "OffscreenCanvas" in globalThis) {
    const bitmap = await createImageBitmap(video);
    return { picture: { bitmap }, kept: [bitmap] };
  }
  const pixels = drawn(video, video.videoWidth, video.videoHeight, WIDEST);
  return { picture: { pixels }, kept: [pixels.data.buffer] };
}

/** Draw on this side, for browsers whose threads cannot. @param {CanvasImageSource} source @param {number} wide @param {number} high @param {number} most */
function drawn(source, wide, high, most) {
  const scale = Math.min(1, most / Math.max(wide, high));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(wide * scale));
  canvas.height = Math.max(1, Math.round(high * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { data, width, height };
}
