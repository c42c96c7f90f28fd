// A name in native script and in Latin letters, as it is shown and compared.

import { trimmed } from "./untrusted.js";

/** Return the name as its bearer writes it. @param {any} name @returns {string} */
export function nativeName(name) {
  return name.whole || joined(name.family ?? "", name.given ?? "");
}

/** Return the name in Latin letters, as on a travel document. @param {any} name @returns {string} */
export function latinName(name) {
  const whole = trimmed(`${name.latin_family ?? ""} ${name.latin_given ?? ""}`.replaceAll("<", " "));
  return name.latin_whole || whole;
}

/** Join as the script does: Han names without a space and family first, others given first. @param {string} family @param {string} given */
function joined(family, given) {
  if (isHan(family) && isHan(given)) return family + given;
  return trimmed(`${given} ${family}`);
}

/** @param {string} text */
function isHan(text) {
  const point = text.codePointAt(0) ?? 0;
  return (point >= 0x2e80 && point <= 0x9fff) || (point >= 0xf900 && point <= 0xfaff) || point >= 0x20000;
}
