/* What a gate says where no server answers: the twin of forum/checkin/admission.py, on what the device carries with it. */
import { doubt, onceKey, refusal } from "./gate-rules.js";
import { code, isChecked, isSignedBy, publicKey, read } from "./badge-tokens.js";

const SERIAL = 12, OWN_PAGE = 10; // characters of a badge, and of what is mailed and serves the desk

const NOTHING = { days: [], zones: [] };

export class Gate {
  /* `data` as forum/checkin/carrying.py writes it. */
  constructor(data) {
    this.data = data;
    this.badges = new Map(data.badges.map(([serial, pass, km, en]) => [serial, pass ? { pass, km, en } : null]));
    this.people = data.badges.filter((badge) => badge.length > 1).length;
    this.keys = new Map();
    this.passed = new Map();
    this.clock = new Intl.DateTimeFormat("en-CA", {
      timeZone: data.edition.zone, hourCycle: "h23",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    });
  }

  /* The edition's day and clock at a moment: before the hour when its day begins it is still the day before. */
  dayAndClock(moment) {
    const parts = Object.fromEntries(this.clock.formatToParts(moment).map(({ type, value }) => [type, value]));
    const clock = `${parts.hour}:${parts.minute}`;
    const day = new Date(Date.UTC(parts.year, parts.month - 1, parts.day - (clock < this.data.edition.begins)));
    return { day: day.toISOString().slice(0, 10), clock };
  }

  /* Somebody went through, here or at another gate into the same place; told twice it counts once. */
  note(serial, way, moment) {
    const { day } = this.dayAndClock(moment);
    const key = `${serial} ${day}`;
    const passed = this.passed.get(key) ?? [];
    if (passed.some((other) => other.moment === moment && other.way === way)) return;
    this.passed.set(key, [...passed, { way, moment }].sort((one, other) => one.moment - other.moment));
  }

  /* { refusal, serial, pass, km, en, left, before }: "" lets through. */
  async judge(typed, way, moment) {
    const token = read(typed);
    const serial = token ? token.serial : code(typed);
    const no = doubt(await this.#seen(token, serial));
    if (no) return { refusal: no };
    const found = this.badges.get(serial);
    // Signed by us and not in the list: printed after the last sync. The token says which pass it is.
    const pass = found?.pass ?? token?.passType;
    const facts = this.#facts(pass, serial, found !== null, way, moment);
    const person = { serial, pass, km: found?.km, en: found?.en, left: 0 };
    const reason = refusal(facts);
    return reason ? { ...person, refusal: reason } : { ...person, ...this.#turn(facts, serial) };
  }

  /* Its badges are those of this edition at the last sync; another may have been printed since. */
  async #seen(token, serial) {
    const edition = this.data.edition.code;
    return {
      edition, token: token && (await this.#vouched(token)), badge: this.badges.has(serial) ? { edition } : null,
      is_own_page: serial.length === OWN_PAGE, is_slip: serial.length === SERIAL && !isChecked(serial), is_all_known: false,
    };
  }

  async #vouched(token) {
    const key = this.data.keys[token.key];
    const is_signed = Boolean(key) && (await isSignedBy(token, await this.#key(token.key, key.public)));
    return { is_signed, is_revoked: Boolean(key?.revoked), edition: token.edition };
  }

  async #key(name, written) {
    if (!this.keys.has(name)) this.keys.set(name, await publicKey(written));
    return this.keys.get(name);
  }

  #facts(pass, serial, isValid, way, moment) {
    const { edition, gate, passes, exceptions } = this.data;
    const { day, clock } = this.dayAndClock(moment);
    // A demonstration, whose days lie ahead, is tried on any day.
    const isTrial = edition.is_demonstration && !edition.days.includes(day);
    const { days, zones } = passes[pass] ?? NOTHING;
    const { also, never } = exceptions?.[serial] ?? { also: NOTHING, never: NOTHING };
    const onAnyDay = (told) => (isTrial ? { ...told, days: [] } : told);
    return {
      day, clock, way, begins: edition.begins, is_valid: isValid,
      forum: { days: isTrial ? [] : edition.days },
      gate: { zone: gate.zone, days: isTrial ? [] : gate.days, opens: gate.opens, closes: gate.closes },
      pass: onAnyDay({ days, zones }), also: onAnyDay(also), never: onAnyDay(never),
    };
  }

  /* Whether it has had its turn. How often it went out counts only after it had come in. */
  #turn(facts, serial) {
    const { passage } = this.data.gate;
    let left = 0, before = null;
    for (const { way, moment } of this.passed.get(`${serial} ${facts.day}`) ?? []) {
      if (way === "out" && before && passage === "return") [left, before] = [left + 1, null];
      else if (way === "in") before = { at: moment };
    }
    const isOnce = onceKey(facts, { passage, badge: serial, left }) !== null;
    return isOnce && before ? { refusal: "again", left, before } : { refusal: "", left };
  }
}
