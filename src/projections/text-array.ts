const textType = 25;
const headerBytes = 20;

/**
 * A text[] in PostgreSQL's binary format (array_recv): dimensions, nulls, element type, length, lower bound, then each
 * element after its length. The server takes the bytes as they are, where a literal would be escaped here and parsed there.
 */
export function textArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, headerBytes));
  let at = 0;
  const int = (value: number): void => {
    at = buffer.writeInt32BE(value, at);
  };
  for (const word of [1, 0, textType, values.length, 1]) int(word);
  values.forEach((value, index) => {
    int(lengths[index] ?? 0);
    at += buffer.write(value, at);
  });
  return buffer;
}
