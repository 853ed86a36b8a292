// Parses "1h30m", "45s" or "2d" into milliseconds; null for anything else.
export function parseDuration(text) {
  const unitToMs = { d: 86400000, h: 3600000, m: 60000, s: 1000 };
  let total = 0;
  let rest = text.trim();
  while (rest.length > 0) {
    const match = /^(\d+)([dhms])/.exec(rest);
    if (match === null) return null;
    total += Number(match[1]) * unitToMs[match[2]];
    rest = rest.slice(match[0].length);
  }
  return total;
}
