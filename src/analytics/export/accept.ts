/** Content negotiation, RFC 9110 12.5.1: what of the offered media types a client wants most. */

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Media ranges of an Accept header; parameters other than q are left out, what cannot be read is passed over. */
function rangesOf(accept: string): readonly Range[] {
  return accept.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
    const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
    const quality = q === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 0;
    return [{ type, quality }];
  });
}

const specificity = ({ type }: Range): number => (type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2);

const covers = ({ type }: Range, media: string): boolean =>
  type === '*/*' || type === media || (type.endsWith('/*') && media.startsWith(type.slice(0, -1)));

/**
 * The offer with the highest quality; the first of equals. Undefined when the client wants none of them. Without a header, or
 * with one that holds no media range at all, the first offer.
 */
export function negotiated<Offer extends { readonly media: string }>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | undefined {
  const ranges = rangesOf(accept ?? '');
  if (ranges.length === 0) return offers[0];
  const qualityOf = (media: string): number => {
    const fitting = ranges.filter((range) => covers(range, media));
    const closest = Math.max(...fitting.map(specificity));
    return Math.max(0, ...fitting.filter((range) => specificity(range) === closest).map(({ quality }) => quality));
  };
  let best: Offer | undefined;
  let highest = 0;
  for (const offer of offers) {
    const quality = qualityOf(offer.media);
    if (quality > highest) [best, highest] = [offer, quality];
  }
  return best;
}
