// How large a picture says it is, from its first bytes: so that a small file which unfolds to a huge picture stays shut.

export const MAX_PICTURE_BYTES = 20_000_000;
export const MAX_PIXELS = 50_000_000;

/** @typedef {{ width: number, height: number }} Size */

/** Return what PNG, GIF, BMP and JPEG say of their size; `null` where nothing is said that is understood. @param {Uint8Array} bytes @returns {Size | null} */
export function sizeOf(bytes) {
  if (bytes.length < 26) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint32(0) === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (view.getUint16(0) === 0x424d) {
    return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  }
  return view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
}

/** Walk from mark to mark up to the one that holds the size. @param {DataView} view @returns {Size | null} */
function jpegSize(view) {
  let at = 2;
  while (at + 9 < view.byteLength) {
    const mark = view.getUint16(at);
    if (mark < 0xff00) return null;
    const isFrame = mark >= 0xffc0 && mark <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(mark);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
