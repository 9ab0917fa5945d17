// SHA-256 and HMAC, written out because browsers offer theirs only over https; used by verify.js.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);

// The first 32 bits of the fraction of a root of n, found by whole numbers: floats would differ in the last place.
function fraction(n, degree) {
  const target = BigInt(n) << BigInt(32 * degree);
  let low = 0n, high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= target) low = middle; else high = middle;
  }
  return Number(low & 0xffffffffn) | 0;
}
const K = Int32Array.from(PRIMES, (p) => fraction(p, 3));
const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(p, 2));
const W = new Int32Array(64);

function absorb(state, bytes, offset) {
  for (let i = 0; i < 16; i++, offset += 4) {
    W[i] = (bytes[offset] << 24) | (bytes[offset + 1] << 16) | (bytes[offset + 2] << 8) | bytes[offset + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
}

// `before` bytes have gone into `start` already (a multiple of 64).
export function digest(bytes, start = START, before = 0) {
  const padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const bits = (bytes.length + before) * 8, view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(padded.length - 4, bits >>> 0);
  const state = Int32Array.from(start);
  for (let offset = 0; offset < padded.length; offset += 64) absorb(state, padded, offset);
  const out = new Uint8Array(32), words = new DataView(out.buffer);
  state.forEach((word, i) => words.setInt32(i * 4, word));
  return out;
}

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const compact = (value) => utf8(JSON.stringify(value));

export function bytesOf(text) {
  if (typeof text !== "string" || text.length % 2 || /[^0-9a-f]/.test(text)) throw new TypeError("not hex");
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

export function keyed(key) {
  const start = (pad) => {
    const block = new Uint8Array(64).fill(pad), state = Int32Array.from(START);
    key.forEach((byte, i) => { block[i] = byte ^ pad; });
    absorb(state, block, 0);
    return state;
  };
  const inner = start(0x36), outer = start(0x5c);
  return (message) => hex(digest(digest(utf8(message), inner, 64), outer, 64));
}
