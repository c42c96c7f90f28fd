// Sound and vibration of a verdict: a help for the checker, never the only sign.
// Each outcome differs in rhythm, not only in pitch, so that it is told apart in noise.
//   ok: one short rising tone · check: two equal · no: one long, low · unk: three short, low · genuine: one soft
// A page that wants it says so: <body data-verdict-sound> or a checked box [data-verdict-sound].

const TUNES = {
  ok: { tones: [[660, 0.09], [990, 0.14]], shake: [60] },
  check: { tones: [[620, 0.12], [0, 0.08], [620, 0.12]], shake: [80, 80, 80] },
  no: { tones: [[220, 0.5]], shake: [350] },
  unk: { tones: [[300, 0.08], [0, 0.07], [300, 0.08], [0, 0.07], [300, 0.08]], shake: [50, 60, 50, 60, 50] },
  genuine: { tones: [[520, 0.16]], shake: [40] },
};

/** Plays the tune of an outcome; quietly does nothing where the browser does not allow it. */
export function tell(outcome) {
  const tune = TUNES[outcome];
  if (!tune) return;
  navigator.vibrate?.(tune.shake);
  const Context = window.AudioContext;
  if (!Context) return;
  const context = new Context();
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
  setTimeout(() => context.close(), (at - context.currentTime) * 1000 + 200);
}

const wanted = document.querySelector("[data-verdict-sound]");
const answer = document.querySelector(".verdict[data-outcome]");
if (wanted && answer && (wanted.type !== "checkbox" || wanted.checked)) tell(answer.dataset.outcome);
