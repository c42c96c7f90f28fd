// Which of the two NIST curves a public key stands on (RFC 5480, section 2.1.1): by its name, or by all its parameters.
//
// Parameters are never computed with.  They are compared with those of the curve, every one and the base point too:
// with a base point of their own choosing anybody could sign for a key that is not theirs (CVE-2020-0601).

import { hex } from "./bytes.js";
import { SEQUENCE, dotted } from "./der.js";

const OBJECT_IDENTIFIER = 6;
/** Version 1, field, curve (with the seed that it was made of, or without), base point, order, cofactor: SEC 1, C.2. */
const CURVES = /** @type {const} */ ([
  {
    name: "P-256",
    oid: "1.2.840.10045.3.1.7",
    field: "302c06072a8648ce3d0101022100ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    a: "0420ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
    b: "04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    seed: "031500c49d360886e704936a6678e1139d26b7819f7e90",
    base:
      "0441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    order: "022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  },
  {
    name: "P-384",
    oid: "1.3.132.0.34",
    field:
      "303c06072a8648ce3d0101023100" +
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    a: "0430fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
    b: "0430b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    seed: "031500a335926aa319a27a1d00896a6773a4827acdac73",
    base:
      "046104aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7" +
      "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    order: "023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  },
]); // prettier-ignore
const ONE = "020101";

/** Return the curve that the parameters of a key mean, or `null`. @param {import("./der.js").Element | undefined} parameters */
export function curveOf(parameters) {
  if (parameters?.tag === OBJECT_IDENTIFIER) {
    const oid = dotted(parameters.value);
    return CURVES.find((one) => one.oid === oid)?.name ?? null;
  }
  if (parameters?.tag !== SEQUENCE) return null;
  const told = hex(parameters.value);
  return CURVES.find((one) => spellings(one).includes(told))?.name ?? null;
}

/** @param {typeof CURVES[number]} curve */
function spellings({ field, a, b, seed, base, order }) {
  return [a + b, a + b + seed].map((coefficients) => {
    const size = (coefficients.length / 2).toString(16).padStart(2, "0");
    return `${ONE}${field}30${size}${coefficients}${base}${order}${ONE}`;
  });
}
