// How many must sign: majorities that cannot both exist, and witnesses of whom some may lie.

/** Above this many regions, an elected council keeps root and charter. */
export const MOST_ROOT_KEYS = 50;
export const MOST_ROOT_COUNCIL = 21;
/** Of so many regions at most do the timestamp's signatures fit its 16 KiB. */
export const MOST_COUNCIL = 13;

/** Return M of N: more than half. @param {number} regions */
export function majority(regions) {
  return Math.floor(regions / 2) + 1;
}

/** Return how many regions may suspend: a fifth, at least two, never more than there are. @param {number} regions */
export function emergencyQuorum(regions) {
  return Math.min(regions, Math.max(2, Math.ceil(regions / 5)));
}

/** Return q: any two sets of q members share more than may lie. @param {number} council */
export function witnessQuorum(council) {
  const liars = Math.floor((council - 1) / 3);
  return Math.floor((council + liars) / 2) + 1;
}
