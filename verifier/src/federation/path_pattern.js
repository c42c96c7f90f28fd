// Path patterns of TUF's delegations: shell wildcards, within one part of a path each.

/** Tell whether a path fits a pattern, part by part. @param {string} path @param {string} pattern */
export function fits(path, pattern) {
  const [parts, wanted] = [path.split("/"), pattern.split("/")];
  return parts.length === wanted.length && parts.every((part, at) => matches([...part], [...wanted[at]]));
}

/** @param {string[]} text @param {string[]} pattern @returns {boolean} */
function matches(text, pattern) {
  let [at, place] = [0, 0];
  // Where the last star stood, and how much it had taken: one star is given more only where the rest does not fit.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    const step = place < pattern.length ? one(text[at], pattern, place) : 0;
    if (pattern[place] === "*") [star, taken, place] = [place, at, place + 1];
    else if (step > 0) [at, place] = [at + 1, place + step];
    else if (star >= 0) [taken, at, place] = [taken + 1, taken + 1, star + 1];
    else return false;
  }
  while (pattern[place] === "*") place += 1;
  return place === pattern.length;
}

/**
 * Return how long the part of a pattern is that fits a letter; 0 where none does.
 * @param {string} letter @param {string[]} pattern @param {number} place
 */
function one(letter, pattern, place) {
  const sign = pattern[place];
  if (sign === "?") return 1;
  const end = sign === "[" ? closing(pattern, place) : -1;
  if (end < 0) return sign === letter ? 1 : 0;
  const negated = pattern[place + 1] === "!";
  const holds = isAmong(letter, pattern.slice(place + (negated ? 2 : 1), end));
  return holds !== negated ? end + 1 - place : 0;
}

/**
 * Return where a set of letters ends; one that does not end is a bracket like any letter.
 * @param {string[]} pattern @param {number} place
 */
function closing(pattern, place) {
  let at = place + 1;
  if (pattern[at] === "!") at += 1;
  if (pattern[at] === "]") at += 1;
  return pattern.indexOf("]", at);
}

/** @param {string} letter @param {string[]} set */
function isAmong(letter, set) {
  for (let at = 0; at < set.length; at += 1) {
    if (set[at + 1] === "-" && at + 2 < set.length) {
      if (set[at] <= letter && letter <= set[at + 2]) return true;
      at += 2;
    } else if (set[at] === letter) return true;
  }
  return false;
}
