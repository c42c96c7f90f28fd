// What counts as a letter, and when two names have the same words, whatever Unicode the runtime knows.
//
// A device at a door may know an older Unicode than the one that wrote the card.  Planes 2 and 3 are set aside for
// ideographs, so a name in a block added to them later is no fault of its bearer.

const LETTER = /[\p{L}\u{20000}-\u{3fffd}]/u;
const OTHERS = /[^\p{L}\u{20000}-\u{3fffd}]+/u;

/** Tell whether a text has a letter of any script; digits, signs and pictures are none. @param {string} text */
export function hasLetter(text) {
  return LETTER.test(text);
}

/** Return the words of a name for comparison: letters only, any order, any case, however composed. @param {string} name */
export function words(name) {
  const folded = [...name.normalize("NFC")].map(folding).join("").normalize("NFC");
  return folded.split(OTHERS).filter(Boolean).sort();
}

/**
 * Return a letter without its case.  Up and down again, as case folding is defined; down first, for the letters whose
 * small form has more than one (ẞ, ß and ss are alike).
 * @param {string} letter
 */
function folding(letter) {
  return letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase();
}
