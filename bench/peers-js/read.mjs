// Reads a SMART Health Card with kill-the-clipboard: {"text", "spki" (base64)} in, its bundle and issuer out.
import { SHCReader } from 'kill-the-clipboard';

let input = '';
for await (const piece of process.stdin) input += piece;
const { text, spki } = JSON.parse(input);

const lines = spki.match(/.{1,64}/g).join('\n');
const publicKey = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
const card = await new SHCReader({ publicKey }).fromQRNumeric(text);
console.log(JSON.stringify({ jws: card.asJWS(), bundle: await card.asBundle() }));
