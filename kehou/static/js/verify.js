// Checks the public record of a draw (sunlot-record-1) by repeating it; twin of kehou/rules/allocation/verifier.py.
// An ES module without dependencies. SHA-256 is written out here because browsers offer theirs only over https.

const PROTOCOL = "sunlot-v1", RECORD = "sunlot-record-1", RECEIPT = "sunlot-receipt-1";

// --- SHA-256 and HMAC ------------------------------------------------------------------------------------------------

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
function digest(bytes, start = START, before = 0) {
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

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const compact = (value) => utf8(JSON.stringify(value));

function bytesOf(text) {
  if (typeof text !== "string" || text.length % 2 || /[^0-9a-f]/.test(text)) throw new TypeError("not hex");
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

function keyed(key) {
  const start = (pad) => {
    const block = new Uint8Array(64).fill(pad), state = Int32Array.from(START);
    key.forEach((byte, i) => { block[i] = byte ^ pad; });
    absorb(state, block, 0);
    return state;
  };
  const inner = start(0x36), outer = start(0x5c);
  return (message) => hex(digest(digest(utf8(message), inner, 64), outer, 64));
}

// --- the commitment --------------------------------------------------------------------------------------------------

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), SEAL = Uint8Array.of(2);
const nodeHash = (left, right) => digest(join(NODE, left, right));

function rootOf(leaves) {
  let level = leaves.map((leaf) => digest(join(LEAF, compact(leaf))));
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push(i + 1 < level.length ? nodeHash(level[i], level[i + 1]) : level[i]);
    }
    level = above;
  }
  return hex(level[0]);
}

function receiptLeadsToRoot(receipt) {
  let node = digest(join(LEAF, compact(receipt.leaf))), { index, size } = receipt;
  const path = receipt.path.map(bytesOf);
  while (size > 1) {
    if ((index ^ 1) < size) {
      if (!path.length) return false;
      const other = path.shift();
      node = index & 1 ? nodeHash(other, node) : nodeHash(node, other);
    }
    index >>= 1;
    size = (size + 1) >> 1;
  }
  return !path.length && hex(node) === receipt.root;
}

// Whether beacon and reveals are results of exactly the draws and witnesses named beforehand.
function asNamed(named, beacon, reveals) {
  const parts = named.split(","), draws = parts.filter((part) => !part.startsWith("ceremony:"));
  const sealed = parts.filter((part) => part.startsWith("ceremony:")).map((part) => part.slice(9));
  const told = draws.length ? beacon.split(",").map((result) => result.slice(0, Math.max(0, result.lastIndexOf(":")))) : [];
  return same(told, draws) && same(reveals.map((reveal) => hex(digest(utf8(reveal)))), sealed);
}

// --- the numbers -----------------------------------------------------------------------------------------------------

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function compareRows(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return compare(a[i], b[i]);
  return 0;
}

function numbersOf(seed, pupils, lottery) {
  const mac = keyed(seed), found = new Map();
  for (const [pid, , , family, asked] of pupils) {
    const ticket = family || pid;
    let days = asked.map((request) => request[0]);
    if (lottery === "balanced" && days.length > 1) {
      days = days.map((day) => [mac(`${ticket}|${day}`), day]).sort(compareRows).map((row) => row[1]);
    }
    if (days.length > 6) throw new RangeError("more than six days");
    days.forEach((day, rank) => {
      const word = lottery === "single" ? `${ticket}|week|v` : `${ticket}|${day}|v`;
      const value = BigInt("0x" + mac(word).slice(0, 16));
      const number = lottery === "balanced"
        ? ((BigInt(rank) << 64n) + value) * BigInt(Math.floor(60 / days.length)) : value * 60n;
      if (!found.has(day)) found.set(day, new Map());
      found.get(day).set(pid, number);
    });
  }
  return found;
}

// --- one day ---------------------------------------------------------------------------------------------------------

const [ID, DAY, CAP, MIN, HOURS, GRADES, CAMPUSES, KIND, FEE] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

const admits = (s, campus, grade) => (s[GRADES] >> (grade - 1)) & 1
  && (!s[CAMPUSES].length || s[CAMPUSES].includes(campus));

// Free seats, and how many holders of each option set (its ids joined by a bar) sit in each section.
class State {
  constructor(sections, aside, shut) {
    const rows = sections.filter((s) => !shut.includes(s[ID]));
    const rank = (s) => [s[KIND] === "care" ? 0 : 1, s[FEE], s[ID]];
    this.rows = [...rows].sort((a, b) => compareRows(rank(a), rank(b)));
    this.free = new Map(rows.map((s) => [s[ID], s[CAP] - (aside.get(s[ID]) || 0)]));
    this.held = new Map(rows.map((s) => [s[ID], new Map()]));
    this.kept = new Map();
    this.cut = new Map();
    this.eligible = new Map();
    this.closed = new Set(shut);
    this.tight = new Set();
  }

  anywhere(campus, grade, hours = 7) {
    const key = `${campus}|${grade}|${hours}`;
    if (!this.eligible.has(key)) {
      const rows = this.rows.filter((s) => admits(s, campus, grade) && !(s[HOURS] & ~hours));
      this.eligible.set(key, rows.map((s) => s[ID]));
    }
    return this.eligible.get(key);
  }

  seat(section, step) { this.free.set(section, this.free.get(section) + step); }

  move(section, holders, step) {
    const held = this.held.get(section), left = (held.get(holders) || 0) + step;
    if (left) held.set(holders, left); else held.delete(holders);
  }

  room(options, turn) {
    const { free, closed, tight } = this;
    for (const section of options) {
      if (closed.has(section)) continue;
      if (!free.has(section)) throw new RangeError(`unknown section ${section}`);
      if (free.get(section)) return section;
    }
    let leaning = options.some((section) => tight.has(section));
    const queue = options.filter((section) => !closed.has(section) && !tight.has(section));
    const came = new Map(queue.map((section) => [section, null])), seen = new Set();
    for (const section of queue) {
      for (const holders of this.held.get(section).keys()) {
        if (seen.has(holders)) continue;
        seen.add(holders);
        for (const other of holders.split("|")) {
          if (came.has(other) || closed.has(other)) continue;
          if (tight.has(other)) { leaning = true; continue; }
          came.set(other, [section, holders]);
          if (free.get(other)) return this.shift(other, came);
          queue.push(other);
        }
      }
    }
    if (leaning || [...seen].some((holders) => this.kept.get(holders))) queue.forEach((s) => tight.add(s));
    else queue.forEach((s) => { closed.add(s); this.cut.set(s, turn); });
    return null;
  }

  shift(end, came) {
    let section = end;
    this.seat(section, -1);
    while (came.get(section)) {
      const [origin, holders] = came.get(section);
      this.move(origin, holders, -1);
      this.move(section, holders, 1);
      section = origin;
    }
    this.seat(section, 1);
    return section;
  }

  take(options, turn) {
    const section = this.room(options, turn);
    if (section !== null) {
      this.seat(section, -1);
      if (options.length > 1) this.move(section, options.join("|"), 1);
    }
    return section;
  }

  keep(classes) {
    let enough = true;
    for (const [campus, grade, pupils] of classes) {
      const options = this.anywhere(campus, grade), holders = options.join("|");
      let left = pupils, section;
      if (!this.kept.has(holders)) this.kept.set(holders, 0);
      while (left && (section = this.room(options, 0)) !== null) {
        this.seat(section, -1);
        this.move(section, holders, 1);
        this.kept.set(holders, this.kept.get(holders) + 1);
        left -= 1;
      }
      enough = enough && !left;
    }
    for (const section of this.cut.keys()) this.closed.delete(section);
    this.tight.clear();
    this.cut.clear();
    return enough;
  }

  release(options) {
    const holders = options.join("|");
    this.kept.set(holders, this.kept.get(holders) - 1);
    const section = options.find((s) => this.held.get(s).has(holders));
    this.move(section, holders, -1);
    if (this.tight.has(section)) this.tight.clear();
    this.seat(section, 1);
  }
}

function count(things) {
  const found = new Map();
  for (const thing of things) found.set(thing, (found.get(thing) || 0) + 1);
  return found;
}

function classesOf(assured, wish) {
  const counts = count([...assured].map((pid) => `${wish.get(pid)[0]}|${wish.get(pid)[1]}`));
  return [...counts].map(([key, n]) => [key.split("|")[0], Number(key.split("|")[1]), n]).sort(compareRows);
}

function runGsd(sections, aside, shut, order, wish, assured) {
  const state = new State(sections, aside, shut), seat = new Map(), tierOf = new Map(), members = new Map();
  if (!state.keep(classesOf(assured, wish))) return null;
  order.forEach((pid, index) => {
    const [campus, grade, tiers, anywhere, hours] = wish.get(pid);
    const tries = tiers.map((tier, number) => [tier, number + 1]);
    if (anywhere) tries.push([state.anywhere(campus, grade, hours), 0]);
    if (assured.has(pid)) {
      const everywhere = state.anywhere(campus, grade);
      state.release(everywhere);
      if (!(anywhere && hours === 7)) tries.push([everywhere, 0]);
    }
    for (const [options, number] of tries) {
      const section = state.take(options, index + 1);
      if (section === null) continue;
      tierOf.set(pid, number);
      if (options.length === 1) seat.set(pid, section);
      else {
        const key = options.join("|");
        if (!members.has(key)) members.set(key, []);
        members.get(key).push(pid);
      }
      break;
    }
  });
  for (const [key, pids] of members) {
    const seats = [];
    for (const section of key.split("|")) {
      const held = state.held.get(section);
      for (let n = held ? held.get(key) || 0 : 0; n; n--) seats.push(section);
    }
    pids.forEach((pid, i) => seat.set(pid, seats[i]));
  }
  return { seat, tierOf, cut: state.cut };
}

function runDa(sections, aside, shut, order, wish, _assured, priority) {
  const table = new Map(sections.filter((s) => !shut.includes(s[ID])).map((s) => [s[ID], s]));
  const state = new State(sections, aside, shut), turn = new Map(order.map((pid, i) => [pid, i]));
  const numberOf = new Map(), next = new Map(), lists = new Map();
  for (const pid of order) {
    const [campus, grade, tiers, anywhere, hours] = wish.get(pid), numbers = new Map();
    const wanted = tiers.flatMap((tier, number) => tier.map((s) => [s, number + 1]));
    if (anywhere) for (const s of state.anywhere(campus, grade, hours)) wanted.push([s, 0]);
    for (const [s, number] of wanted) if (table.has(s) && !numbers.has(s)) numbers.set(s, number);
    numberOf.set(pid, numbers);
    lists.set(pid, [...numbers.keys()]);
    next.set(pid, 0);
  }
  const inside = new Map([...table.keys()].map((s) => [s, []])), free = [...order].reverse(), refused = new Map();
  while (free.length) {
    const pid = free.pop(), at = next.get(pid);
    if (at >= lists.get(pid).length) continue;
    next.set(pid, at + 1);
    const section = lists.get(pid)[at], holding = inside.get(section);
    const classes = priority.get(section) || new Map();
    holding.push([-(classes.get(pid) || 0), turn.get(pid), pid]);
    if (holding.length > state.free.get(section)) {
      holding.sort(compareRows);
      const worst = holding.pop(), before = refused.get(section);
      if (!before || compareRows(worst, before) < 0) refused.set(section, worst);
      free.push(worst[2]);
    }
  }
  const seat = new Map();
  for (const [section, holding] of inside) for (const [, , pid] of holding) seat.set(pid, section);
  return {
    seat,
    tierOf: new Map([...seat].map(([pid, s]) => [pid, numberOf.get(pid).get(s)])),
    cut: new Map([...refused].map(([s, worst]) => [s, worst[1] + 1])),
  };
}

// An optimised day as stated, less what nobody may hold; its prices are checked by the full program.
function runStated(sections, aside, shut, order, wish, assured, turns) {
  const state = new State(sections, aside, shut), seat = new Map(), tierOf = new Map();
  for (const [pid, , section, tier] of turns) {
    const [campus, grade, tiers, anywhere, hours] = wish.get(pid), sure = assured.has(pid);
    const unlisted = anywhere || sure ? state.anywhere(campus, grade, sure ? 7 : hours) : [];
    if (section === null || !(tier ? tiers[tier - 1] : unlisted).includes(section)) continue;
    if (!(state.free.get(section) > 0)) continue;
    state.seat(section, -1);
    seat.set(pid, section);
    tierOf.set(pid, tier);
  }
  return [...assured].every((pid) => seat.has(pid)) ? { seat, tierOf, cut: new Map() } : null;
}

function worstFilled(sections, aside, spared, order, seat) {
  const filled = count(seat.values()), first = new Map();
  order.forEach((pid, i) => { if (seat.has(pid) && !first.has(seat.get(pid))) first.set(seat.get(pid), i); });
  let worst = null;
  for (const s of sections) {
    const there = filled.get(s[ID]) || 0;
    if (!there || there >= s[MIN] || aside.has(s[ID]) || spared.includes(s[ID])) continue;
    const row = [there, s[MIN], -first.get(s[ID]), s[ID]];
    if (!worst) { worst = row; continue; }
    const sooner = compare(row[0] * worst[1], worst[0] * row[1]) || compareRows(row.slice(2), worst.slice(2));
    if (sooner < 0) worst = row;
  }
  return worst && worst[3];
}

function fillHours(sections, aside, closed, order, wish, seat) {
  const table = new Map(sections.map((s) => [s[ID], s])), found = new Map();
  const left = new Map(sections.map((s) => [s[ID], s[CAP] - (aside.get(s[ID]) || 0)]));
  for (const section of seat.values()) left.set(section, left.get(section) - 1);
  const care = sections.filter((s) => s[KIND] === "care" && !closed.includes(s[ID]));
  const bits = (mask) => mask.toString(2).replaceAll("0", "").length;
  if (!care.some((s) => left.get(s[ID]) > 0)) return found;
  for (const pid of order) {
    if (!seat.has(pid)) continue;
    const [campus, grade, , , stays] = wish.get(pid), taken = [];
    let hours = stays & ~table.get(seat.get(pid))[HOURS];
    while (hours) {
      const fits = care.filter((s) => left.get(s[ID]) > 0 && !(s[HOURS] & ~hours) && admits(s, campus, grade));
      if (!fits.length) break;
      fits.sort((a, b) => bits(b[HOURS]) - bits(a[HOURS]) || compare(a[ID], b[ID]));
      hours &= ~fits[0][HOURS];
      left.set(fits[0][ID], left.get(fits[0][ID]) - 1);
      taken.push(fits[0][ID]);
    }
    if (taken.length) found.set(pid, taken);
  }
  return found;
}

// --- the record ------------------------------------------------------------------------------------------------------

function replay(record, number, day) {
  const { head } = record, rules = head[2], sections = record.sections.filter((s) => s[DAY] === day);
  const wish = new Map();
  for (const p of record.pupils) for (const r of p[4]) if (r[0] === day) wish.set(p[0], [p[1], p[2], ...r.slice(1)]);
  const order = [...number].sort((a, b) => compare(a[1], b[1]) || compare(a[0], b[0])).map((row) => row[0]);
  const aside = new Map(head[4]);
  const flagged = new Set(((record.sealed || {}).flags || []).filter((row) => row[1]).map((row) => row[0]));
  const assured = new Set(head[3] === "everyone" ? order : head[3] === "flagged" ? order.filter((p) => flagged.has(p)) : []);
  const priority = new Map();
  for (const [section, pid, klass] of record.priorities || []) {
    if (!priority.has(section)) priority.set(section, new Map());
    priority.get(section).set(pid, klass);
  }
  const stated = record.days[String(day)], asStated = rules[0] === "mcf";
  const rule = { gsd: runGsd, da: runDa, mcf: runStated }[rules[0]];
  const closed = asStated ? [...stated.closed] : [], spared = asStated ? [...stated.spared] : [];
  const run = (shut) => rule(sections, aside, shut, order, wish, assured, asStated ? stated.turns : priority);
  let result = run(closed), worst;
  while (rules[3] === "close-worst" && result && (worst = worstFilled(sections, aside, spared, order, result.seat))) {
    if (asStated) return null;
    const again = run([...closed, worst]);
    if (again === null) spared.push(worst);
    else { closed.push(worst); result = again; }
  }
  if (result === null) return null;
  const { seat, tierOf, cut } = result, care = fillHours(sections, aside, closed, order, wish, seat);
  return {
    closed,
    spared: spared.sort(),
    cut: [...cut].sort(compareRows),
    prices: asStated ? stated.prices : [],
    turns: order.map((p) => [p, String(number.get(p)), seat.get(p) ?? null, tierOf.get(p) ?? null, care.get(p) || []]),
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function* commitmentViolations(record) {
  const { head, pupils } = record;
  if (pupils.some((pupil, i) => i && pupils[i - 1][0] >= pupil[0])) {
    yield ["pupils", "学生的顺序不对，或有人重复"];
  }
  if (record.leaves !== pupils.length + 1 || rootOf([head, ...pupils]) !== record.root) {
    yield ["root", "报名志愿与截止时公布的总指纹不符"];
  }
  if (hex(digest(compact(record.sections))) !== head[5]) yield ["sections", "课程名额与截止时公布的不符"];
  if (head[2][0] === "da" && hex(digest(compact(record.priorities))) !== head[6]) {
    yield ["priorities", "优先次序与截止时公布的不符"];
  }
  if (record.sealed && record.sealed.salt) {
    const seal = digest(join(SEAL, utf8(record.sealed.salt + "|"), compact(record.sealed.flags)));
    if (hex(seal) !== head[7]) yield ["sealed", "保障名单与封存的不符"];
  }
}

function* dayViolations(record, number, day) {
  const stated = record.days[String(day)];
  const expected = replay(record, number, day);
  if (expected === null) { yield ["guarantee", `星期${day}：保障名额不足`]; return; }
  for (const name of ["closed", "spared", "cut", "prices"]) {
    if (!same(stated[name], expected[name])) yield [name, `星期${day}：“${name}”应为 ${JSON.stringify(expected[name])}`];
  }
  if (stated.turns.length !== expected.turns.length) {
    yield ["turns", `星期${day}：记录有 ${stated.turns.length} 人，应为 ${expected.turns.length} 人`];
  }
  for (let i = 0; i < Math.min(stated.turns.length, expected.turns.length); i++) {
    if (same(stated.turns[i], expected.turns[i])) continue;
    const show = (turn) => JSON.stringify(turn);
    yield ["turn", `星期${day}第 ${i + 1} 位：记录为 ${show(stated.turns[i])}，应为 ${show(expected.turns[i])}`];
    return;
  }
}

function* violations(record) {
  if (record.format !== RECORD || record.head[0] !== PROTOCOL) { yield ["format", "不认识这种记录"]; return; }
  yield* commitmentViolations(record);
  const seed = bytesOf(record.seed), { randomness } = record;
  if (randomness === null && record.head[8]) yield ["randomness", "没有用截止前说定的公开随机数"];
  if (randomness !== null) {
    const parts = [PROTOCOL, record.head[1], record.root, randomness.beacon, ...randomness.reveals];
    if (parts.some((part) => part.includes("|")) || hex(digest(utf8(parts.join("|")))) !== record.seed) {
      yield ["seed", "摇号种子不是由总指纹和公开随机数算出的"];
    }
    if (record.head[8] && !asNamed(record.head[8], randomness.beacon, randomness.reveals)) {
      yield ["randomness", "用的公开随机数不是截止前说定的那一个"];
    }
  }
  if (record.days === null) {
    if (record.head[3] !== "flagged") yield ["days", "记录里没有结果"];
    return;
  }
  const numbers = numbersOf(seed, record.pupils, record.head[2][1]);
  const days = [...new Set([...record.sections.map((s) => s[DAY]), ...numbers.keys()])].sort((a, b) => a - b);
  if (!same(Object.keys(record.days).sort(), days.map(String).sort())) { yield ["days", "结果的日子与报名的不符"]; return; }
  for (const day of days) yield* dayViolations(record, numbers.get(day) || new Map(), day);
}

function guarded(check) {
  try {
    return [...check()].map(([what, why]) => ({ what, why }));
  } catch (error) {
    return [{ what: "malformed", why: `读不懂：${error.message}` }];
  }
}

/** Return every reason why a record is not right, as [{what, why}]; an empty list says that it is. */
export function verify(record) {
  return guarded(() => violations(record));
}

/** Return every reason why a family's receipt does not agree with a record. */
export function verifyReceipt(record, receipt) {
  return guarded(function* () {
    if (receipt.format !== RECEIPT || receipt.root !== record.root) yield ["receipt", "回执属于另一次摇号"];
    if (!receiptLeadsToRoot(receipt)) yield ["receipt", "回执与总指纹对不上"];
    if (!same(receipt.leaf, record.pupils[receipt.index - 1])) yield ["receipt", "记录里的志愿与回执上的不同"];
  });
}

/** Return the numbers of a seed and pupils, for those who check test vectors: Map day → Map pid → BigInt. */
export { numbersOf, rootOf, digest, hex, utf8, bytesOf };
