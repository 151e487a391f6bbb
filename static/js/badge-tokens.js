/* What was scanned or typed, read where no server answers: the twin of forum/badges/tokens.py and of cms/codes.py.
   WebCrypto verifies; it is there on pages of https and of this machine alone. */
const VERSION = "1";
const SIGNED = "vetika badge ";
const PARTS = [["key", 3], ["edition", 6], ["passType", 6], ["serial", 12], ["signature", 103]];
const LENGTH = VERSION.length + PARTS.reduce((sum, [, length]) => sum + length, 0);
const SIDES = 64; // bytes of a signature's two numbers
const ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/* What a person typed, as a code: capitals and figures, nothing else. */
export const code = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "");

/* Whether nobody mistyped one character of a serial or changed two neighbours round. */
export function isChecked(serial) {
  const weights = [...serial].map((letter) => ALPHABET.indexOf(letter));
  if (!weights.length || weights.includes(-1)) return false;
  const total = weights.reverse().reduce((sum, weight, place) => sum + weight * (place ? 1 + (place % 2) : 1), 0);
  return total % ALPHABET.length === 0;
}

/* The token that somebody scanned, true or not; null for anything that is none by its shape. */
export function read(typed) {
  const text = code(typed);
  if (text.length !== LENGTH || !text.startsWith(VERSION)) return null;
  const token = {};
  let start = VERSION.length;
  for (const [name, length] of PARTS) {
    token[name] = text.slice(start, start + length);
    start += length;
  }
  return token;
}

/* The key as SigningKey.public writes it: the uncompressed point in Base64. */
export const publicKey = (written) =>
  crypto.subtle.importKey("raw", Uint8Array.from(atob(written), (byte) => byte.charCodeAt(0)), CURVE, false, ["verify"]);

export async function isSignedBy(token, key) {
  const raw = fromBase32(token.signature);
  if (!raw) return false;
  const body = new TextEncoder().encode(SIGNED + VERSION + token.key + token.edition + token.passType + token.serial);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw, body);
}

/* null where it is none. */
function fromBase32(text) {
  const raw = new Uint8Array(SIDES);
  let bits = 0, held = 0, filled = 0;
  for (const letter of text) {
    const five = BASE32.indexOf(letter);
    if (five < 0) return null;
    held = ((held << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      raw[filled++] = held >> bits;
    }
  }
  return raw;
}
