// Checks the public record of a draw (sunlot-record-1) or refill round (sunlot-refill-1) by repeating it; twin of
// kehou/rules/allocation/verifier.py and follows.py. ES modules without dependencies: verify(record),
// verifyReceipt(record, receipt) and verifyFollows(refill, draw) return [{what, why}].

import { DAY, ID, KIND, PARTS, compare, compareRows, fillHours, runDa, runGsd, runStated, worstFilled } from "./draw-rules.js";
import { bytesOf, compact, digest, hex, join, keyed, utf8 } from "./sha256.js";

const PROTOCOL = "sunlot-v1", RECORD = "sunlot-record-1", REFILL = "sunlot-refill-1", RECEIPT = "sunlot-receipt-1";
const SCALE = 60n << 64n;

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

function numbersOf(seed, pupils, lottery, before = []) {
  const mac = keyed(seed), found = new Map(), balanced = lottery === "balanced" || lottery === "reversed";
  for (const [pid, , , family, asked] of pupils) {
    const ticket = family || pid;
    let days = asked.map((request) => request[0]);
    if (balanced && days.length > 1) {
      days = days.map((day) => [mac(`${ticket}|${day}`), day]).sort(compareRows).map((row) => row[1]);
    }
    if (days.length > 6) throw new RangeError("more than six days");
    days.forEach((day, rank) => {
      const word = lottery === "single" ? `${ticket}|week|v` : `${ticket}|${day}|v`;
      const value = BigInt("0x" + mac(word).slice(0, 16));
      const number = balanced
        ? ((BigInt(rank) << 64n) + value) * BigInt(Math.floor(60 / days.length)) : value * 60n;
      if (!found.has(day)) found.set(day, new Map());
      found.get(day).set(pid, number);
    });
  }
  for (const [pid, day, , number, keeps] of before) { // a refill round: the earlier number, turned round
    if (number !== null) found.get(day).set(pid, keeps ? BigInt(number) : SCALE - 1n - BigInt(number));
  }
  return found;
}

// --- the record ------------------------------------------------------------------------------------------------------

// Who has won a team, with the one of `parts` in which it meets: on that day a member asks for nothing else.
function* membersOf(record, parts) {
  const mine = new Map();
  for (const s of record.sections) for (const part of s[PARTS] || []) if (parts.has(part)) mine.set(s[ID], part);
  if (!mine.size) return;
  for (const [pid, , team] of record.days["0"].turns) if (mine.has(team)) yield [pid, mine.get(team)];
}

function replay(record, number, day) {
  const { head } = record, rules = head[2], sections = record.sections.filter((s) => s[DAY] === day);
  const wish = new Map();
  for (const p of record.pupils) for (const r of p[4]) if (r[0] === day) wish.set(p[0], [p[1], p[2], ...r.slice(1)]);
  const teams = new Set(sections.filter((s) => s[KIND] === "series").map((s) => s[ID]));
  for (const [pid, part] of membersOf(record, teams)) {
    const [campus, grade, , , stays] = wish.get(pid);
    wish.set(pid, [campus, grade, [[part]], false, stays]);
  }
  const order = [...number].sort((a, b) => compare(a[1], b[1]) || compare(a[0], b[0])).map((row) => row[0]);
  const aside = new Map(head[4]);
  const flagged = new Set(((record.sealed || {}).flags || []).filter((row) => row[1]).map((row) => row[0]));
  const apart = (pid) => { const first = wish.get(pid)[2][0]; return Boolean(first) && teams.has(first[0]); };
  const sure = head[3] === "everyone" ? order : head[3] === "flagged" ? order.filter((p) => flagged.has(p)) : [];
  const assured = new Set(sure.filter((pid) => !apart(pid)));
  const priority = new Map();
  const rights = (record.before || []).filter((row) => row[2] !== null).map(([pid, , seat]) => [seat, pid, 1]);
  for (const [section, pid, klass] of [...(record.priorities || []), ...rights]) {
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
  const ranks = record.format === REFILL ? record.before : record.priorities;
  if (head[2][0] === "da" && hex(digest(compact(ranks))) !== head[6]) {
    yield ["priorities", "优先次序与截止时公布的不符"];
  }
  if (record.sealed !== undefined) {
    const { salt, flags } = record.sealed;
    const seal = salt ? hex(digest(join(SEAL, utf8(`${salt}|`), compact(flags)))) : null;
    if (seal !== head[7]) yield ["sealed", "保障名单与封存的不符"];
  }
}

// Day 0 is that of teams which meet on several days.
const dayName = (day) => (day === 0 ? "先摇的队" : `星期${day}`);

function* dayViolations(record, number, day) {
  const stated = record.days[String(day)];
  const expected = replay(record, number, day);
  if (expected === null) { yield ["guarantee", `${dayName(day)}：保障名额不足`]; return; }
  for (const name of ["closed", "spared", "cut", "prices"]) {
    if (!same(stated[name], expected[name])) yield [name, `${dayName(day)}：“${name}”应为 ${JSON.stringify(expected[name])}`];
  }
  if (stated.turns.length !== expected.turns.length) {
    yield ["turns", `${dayName(day)}：记录有 ${stated.turns.length} 人，应为 ${expected.turns.length} 人`];
  }
  for (let i = 0; i < Math.min(stated.turns.length, expected.turns.length); i++) {
    if (same(stated.turns[i], expected.turns[i])) continue;
    const show = (turn) => JSON.stringify(turn);
    yield ["turn", `${dayName(day)}第 ${i + 1} 位：记录为 ${show(stated.turns[i])}，应为 ${show(expected.turns[i])}`];
    return;
  }
}

// --- a refill round --------------------------------------------------------------------------------------------------

// A row stands behind each request, each list ends at the seat held, and nobody loses it.
function* refillViolations(record) {
  const asked = new Map(record.pupils.flatMap((p) => p[4].map((wish) => [`${p[0]}|${wish[0]}`, wish])));
  if (!same(record.before.map(([pid, day]) => `${pid}|${day}`), [...asked.keys()])) {
    yield ["before", "补选前的安排和参加补选的人对不上"];
  }
  const got = heldIn(record);
  for (const [pid, day, seat] of record.before) {
    const [, tiers, anywhere] = asked.get(`${pid}|${day}`);
    if (seat !== null && (anywhere || !same(tiers.at(-1), [seat]) || !got.get(`${day}|${pid}`).size)) {
      yield ["before", `${dayName(day)}：${pid} 可能失去原来的 ${seat}`];
    }
  }
}

// The refill round follows from the record of the draw before it: seats held, numbers, log of changes.
function* followViolations(record, draw) {
  const [, , lines] = record.head[9], log = draw.changes.slice(0, lines);
  if (!same(record.head[9], [draw.head[1], draw.root, log.length, sealOf(draw.root, log)])) {
    yield ["base", "补选所接的不是这一次摇号，或更改记录被改过"];
  }
  const held = heldIn(draw), lost = new Set(), number = new Map();
  for (const [day, { turns }] of Object.entries(draw.days)) for (const t of turns) number.set(`${day}|${t[0]}`, t[1]);
  for (const { kind, pid, day, from, to } of log) {
    const key = `${day}|${pid}`, mine = held.get(key) || new Set();
    mine.delete(from);
    if (to !== null) mine.add(to);
    held.set(key, mine);
    if (kind === "cancelled" && from) lost.add(key);
  }
  const care = new Set(draw.sections.filter((s) => s[KIND] === "care" || s[KIND] === "series").map((s) => s[0]));
  const clubs = (key) => [...(held.get(key) || [])].filter((s) => !care.has(s));
  for (const [pid, day, seat, drawn, keeps] of record.before) {
    const key = `${day}|${pid}`, mine = clubs(key);
    if (drawn !== (number.get(key) ?? null) || keeps !== (lost.has(key) && number.has(key))) {
      yield ["number", `${dayName(day)}：${pid} 的号不是原来摇号的号`];
    }
    if (seat === null ? mine.length : !mine.includes(seat)) yield ["seat", `${dayName(day)}：${pid} 原来的安排不是 ${seat}`];
    held.delete(key);
  }
  for (const key of held.keys()) if (clubs(key).length) yield ["left out", `漏了有安排的人：星期${key.replace("|", "，")}`];
}

// --- the log of changes ----------------------------------------------------------------------------------------------

const CHANGE = ["n", "on", "kind", "pid", "day", "from", "to", "by", "reason"], CHAIN = Uint8Array.of(3);
const KINDS = {
  hand: "人工调整", offer: "候补递补", swap: "互换", refill: "补选", cancelled: "停班改排", left: "退出",
};

function sealOf(root, log) {
  let seal = bytesOf(root);
  for (const line of log) seal = digest(join(CHAIN, seal, compact(CHANGE.map((name) => line[name]))));
  return log.length ? hex(seal) : null;
}

// What was drawn: "day|pid" → sections; only of `wanted`, if given.
function heldIn(record, wanted = null) {
  const held = new Map();
  for (const [day, { turns }] of Object.entries(record.days)) {
    for (const [pid, , seat, , care] of turns) {
      const key = `${day}|${pid}`;
      if (!wanted || wanted.has(key)) held.set(key, new Set(seat === null ? care : [seat, ...care]));
    }
  }
  return held;
}

// Follows what was changed after the draw: every line is sealed to the one before.
function* changeViolations(record) {
  let last = "";
  const changed = new Set(record.changes.map((line) => `${line.day}|${line.pid}`));
  const held = changed.size ? heldIn(record, changed) : new Map();
  for (const [index, line] of record.changes.entries()) {
    const row = CHANGE.map((name) => line[name]), [n, on, kind, pid, day, left, taken, by, reason] = row;
    const key = `${day}|${pid}`, mine = held.get(key) || new Set();
    const there = new Set([null, ...record.sections.filter((s) => s[DAY] === day).map((s) => s[0])]);
    const right = n === index + 1 && last <= on && isDate(on) && Object.hasOwn(KINDS, kind) && by && left !== taken
      && (reason || kind !== "hand") && Object.keys(line).length === CHANGE.length && there.has(left) && there.has(taken);
    if (!right || (left !== null && !mine.has(left)) || (taken !== null && mine.has(taken))) {
      yield ["change", `第${index + 1}条更改记录不对：${JSON.stringify(line)}`];
    }
    mine.delete(left);
    if (taken !== null) mine.add(taken);
    held.set(key, mine);
    last = on;
  }
  if (record.changes_seal !== sealOf(record.root, record.changes)) yield ["changes", "更改记录与封存的不符"];
}

function isDate(text) {
  const found = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`);
  return found && !Number.isNaN(found.valueOf()) && found.toISOString().startsWith(text);
}

/** Return the changes made after the draw in words, for people to read beside the answer. */
export function changesOf(record) {
  const seat = (section) => section || "（无）";
  return record.changes.map((line) => {
    const why = line.reason ? `，原因：${line.reason}` : "";
    return `${line.on} ${KINDS[line.kind]}：${line.pid}，${seat(line.from)} → ${seat(line.to)}（${line.by}${why}）`;
  });
}

// --- all of it -------------------------------------------------------------------------------------------------------

function* violations(record) {
  const { head } = record, refills = same(head[2].slice(0, 4), ["da", "reversed", "off", "report"]) && head.length === 10;
  if (record.format !== (refills ? REFILL : RECORD) || head[0] !== PROTOCOL || (!refills && head[2][1] === "reversed")) {
    yield ["format", "不认识这种记录"];
    return;
  }
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
  yield* changeViolations(record);
  if (refills) yield* refillViolations(record);
  if (record.days === null) {
    if (record.head[3] !== "flagged") yield ["days", "记录里没有结果"];
    return;
  }
  const numbers = numbersOf(seed, record.pupils, record.head[2][1], record.before);
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

/** Return every reason why a refill round does not follow from the record of the draw before it. */
export function verifyFollows(refill, draw) {
  return guarded(() => followViolations(refill, draw));
}

/** Return the numbers of a seed and pupils, for those who check test vectors: Map day → Map pid → BigInt. */
export { numbersOf, rootOf, digest, hex, utf8, bytesOf };
