/** Parts of dates, in UTC. */

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The seconds since 1970 of a day; NaN if the calendar does not have it. */
export function dayOf(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]!)) return Number.NaN;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2 && day === 29 && !isLeap) return Number.NaN;
  // Days of the civil calendar, with years that begin in March (H. Hinnant, "chrono-compatible low-level date algorithms").
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * 86_400;
}

/** A year of two digits is from 1970 to 2069. */
export function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

/** The seconds of a time of the day; NaN if there is none. `half` is am or pm, or empty. */
export function clockOf(hour: number, minute: number, second: number, half: string): number {
  if (minute > 59 || second >= 61) return Number.NaN;
  if (half !== '') {
    if (hour < 1 || hour > 12) return Number.NaN;
    return ((hour % 12) + (half[0]!.toLowerCase() === 'p' ? 12 : 0)) * 3600 + minute * 60 + second;
  }
  return hour > 24 ? Number.NaN : hour * 3600 + minute * 60 + second;
}

const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;
const ZONES = new Map<string, number>(
  Object.entries({ est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7, cet: 1, cest: 2 }),
);

/** The seconds by which a zone is ahead of UTC; without one 0, NaN if it is not known. */
export function zoneOf(text: string): number {
  if (text === '' || /^(?:z|utc|gmt)$/i.test(text)) return 0;
  const match = OFFSET.exec(text);
  if (!match) return (ZONES.get(text.toLowerCase()) ?? Number.NaN) * 3600;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === '-' ? -seconds : seconds;
}

/** The beginnings of the names of the months in English, German, French, Spanish, Portuguese, Italian, Dutch. */
const MONTHS = [
  'jan ene gen',
  'feb fev fév',
  'mar mär mrz maa',
  'apr avr abr',
  'may mai mag mei',
  'jun juin giu',
  'jul juil lug',
  'aug aou aoû ago',
  'sep set',
  'oct okt ott out',
  'nov',
  'dec déc dez dic',
].map((names) => names.split(' '));

/** The month, 1 to 12, that a name or its beginning means, or 0. */
export function monthOf(name: string): number {
  const text = name.toLowerCase();
  // Both juin and juillet begin with jui.
  return 1 + MONTHS.findIndex((names) => names.some((begin) => text.startsWith(begin)));
}
