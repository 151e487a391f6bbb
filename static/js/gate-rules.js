/* What a gate says of what is held out to it, where no server answers. The twin of forum/checkin/rules.py: the facts are the
   same JSON, and tests/checkin/rules.json holds both to the same verdicts. Decides from the facts alone, without a clock. */
const MINUTES = 24 * 60;

/* Why it is no badge of this forum, as a code of a scan's refusal; "" where it is one. */
export function doubt({ edition, token, badge, is_own_page, is_slip, is_all_known }) {
  if (token && !token.is_signed) return "forged";
  if (token?.is_revoked) return "invalid";
  if ([token, badge].some((one) => one && one.edition !== edition)) return "edition";
  if (badge) return "";
  if (token) return is_all_known ? "invalid" : "";
  if (is_own_page) return "desk";
  return is_slip ? "mistyped" : "unknown";
}

/* Why the badge is not let through, as a code of a scan's refusal; "" where it is. Whoever leaves is never stopped. */
export function refusal(facts) {
  if (facts.way === "out") return "";
  if (!isNamed(facts.day, facts.forum.days)) return "day";
  if (!facts.is_valid) return "invalid";
  if (!isOpen(facts, "days", facts.day, isNamed(facts.day, facts.pass.days))) return "pass-day";
  const { zone, days, opens, closes } = facts.gate;
  if (zone && !isOpen(facts, "zones", zone, facts.pass.zones.includes(zone))) return "zone";
  if (!isNamed(facts.day, days) || !isWithin(facts, opens, closes)) return "closed";
  return "";
}

/* What may be written once; null: as often as it likes. */
export function onceKey(facts, { passage, badge, left }) {
  if (facts.way === "out" || passage === "free") return null;
  const times = passage === "return" ? left : 0;
  return `${badge} ${facts.day} ${facts.gate.zone ?? ""} ${times}`;
}

/* To this person: what is said of them alone goes before what their pass says. */
const isOpen = ({ also, never }, kind, name, byPass) => !never[kind].includes(name) && (byPass || also[kind].includes(name));

const isNamed = (day, days) => !days.length || days.includes(day);

/* Hours of the edition's day, which may end after midnight. */
function isWithin({ begins, clock }, opens, closes) {
  const since = (time) => (minutes(time) - minutes(begins) + MINUTES) % MINUTES;
  const first = opens ? since(opens) : 0;
  const end = closes ? since(closes) || MINUTES : MINUTES;
  return first <= since(clock) && since(clock) < end;
}

function minutes(clock) {
  const [hours, rest] = clock.split(":").map(Number);
  return hours * 60 + rest;
}
