// Sound and vibration of an answer: a help for the checker, never the only sign.  Told apart by rhythm, not only by pitch.
//   ok: one short rising tone · check: two equal · no: one long, low · unk: three short, low · genuine: one soft

/** @type {Record<string, { tones: [number, number][], shake: number[] }>} */
const TUNES = {
  ok: { tones: [[660, 0.09], [990, 0.14]], shake: [60] },
  check: { tones: [[620, 0.12], [0, 0.08], [620, 0.12]], shake: [80, 80, 80] },
  no: { tones: [[220, 0.5]], shake: [350] },
  unk: { tones: [[300, 0.08], [0, 0.07], [300, 0.08], [0, 0.07], [300, 0.08]], shake: [50, 60, 50, 60, 50] },
  genuine: { tones: [[520, 0.16]], shake: [40] },
}; // prettier-ignore

/** @type {AudioContext | null} */
let context = null;

/** Make sound possible: browsers allow it only after somebody has touched the page. */
export function allowSound() {
  if (!globalThis.AudioContext) return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => undefined);
}

/** Play the tune of an answer; quietly does nothing where the browser does not allow it. @param {string} kind */
export function tell(kind) {
  const tune = TUNES[kind];
  if (!tune) return;
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(tune.shake);
  if (context?.state !== "running") return;
  const volume = new GainNode(context, { gain: 0.25 });
  volume.connect(context.destination);
  let at = context.currentTime + 0.02;
  for (const [frequency, length] of tune.tones) {
    if (frequency) {
      const tone = new OscillatorNode(context, { type: "triangle", frequency });
      tone.connect(volume);
      tone.start(at);
      tone.stop(at + length);
    }
    at += length;
  }
}
