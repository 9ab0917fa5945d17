// The rules of the draw for one day, as verify.js repeats them; described in docs/reference/draw-formats.md.

export const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export function compareRows(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return compare(a[i], b[i]);
  return 0;
}

export const [ID, DAY, CAP, MIN, HOURS, GRADES, CAMPUSES, KIND, FEE, PARTS] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const admits = (s, campus, grade) => (s[GRADES] >> (grade - 1)) & 1
  && (!s[CAMPUSES].length || s[CAMPUSES].includes(campus));

// Free seats, and how many holders of each option set (its ids joined by a bar) sit in each section.
class State {
  constructor(sections, aside, shut) {
    const rows = sections.filter((s) => !shut.includes(s[ID]));
    const rank = (s) => [s[KIND] === "care" ? 0 : 1, s[FEE], s[ID]];
    this.rows = rows.filter((s) => s[KIND] !== "series").sort((a, b) => compareRows(rank(a), rank(b)));
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

export function runGsd(sections, aside, shut, order, wish, assured) {
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

export function runDa(sections, aside, shut, order, wish, _assured, priority) {
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
      let last = holding.length - 1; // so many seats go by class first, the others by turn
      for (let n = classes.get(null) ?? last; n < holding.length; n++) if (holding[n][1] > holding[last][1]) last = n;
      const [worst] = holding.splice(last, 1), before = refused.get(section);
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
export function runStated(sections, aside, shut, order, wish, assured, turns) {
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

export function worstFilled(sections, aside, spared, order, seat) {
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

export function fillHours(sections, aside, closed, order, wish, seat) {
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
