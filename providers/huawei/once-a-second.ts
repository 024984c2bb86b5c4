/** A date's text in a format that shows no milliseconds: made once for all requests of a second. */
export function onceASecond(format: (date: Date) => string): (date: Date) => string {
  let second = Number.NaN;
  let text = '';
  return (date) => {
    const wanted = Math.floor(date.getTime() / 1000);
    if (wanted !== second) {
      text = format(date);
      second = wanted;
    }
    return text;
  };
}
