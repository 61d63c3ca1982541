// Untrusted words (tags, labels, reasons, names) made fit to be shown: what could reorder, hide or break the text around
// them is taken out, once, for every channel.

// Bidirectional marks and overrides, invisible joiners that hide text, tag characters, interlinear marks.
const unseen =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** The text without control and bidirectional characters, its lone surrogates replaced, line ends as `\n`. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(control, '')
    .replace(unseen, '');
}

/** The same on one line. */
export const cleanLine = (text: string): string => clean(text).replaceAll('\n', ' ');
