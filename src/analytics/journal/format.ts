import { Field, Schema } from 'apache-arrow/schema';
import { Dictionary, Int16, Int32, TimestampMillisecond, Utf8 } from 'apache-arrow/type';

/** Of the files and of the manifest. Files of another version are written anew from the log. */
export const formatVersion = 1;

/** The dictionary of event types has this id in every file. */
export const dictionaryId = 0;

const instant = () => new TimestampMillisecond('UTC');
const about = (text: string) => new Map([['about', text]]);

/** The columns of a segment, in the order in which they lie in the file. */
export const schema = new Schema(
  [
    new Field('position', new Utf8(), false, about('Place in the whole log; later is greater')),
    new Field('stream', new Utf8(), false, about('Whose event it is, e.g. order-<id>')),
    new Field('revision', new Int32(), false, about('0-based place in the stream')),
    new Field('event_id', new Utf8(), false, about('UUID')),
    new Field('type', new Dictionary(new Utf8(), new Int16(), dictionaryId), false, about('What happened')),
    new Field('order_no', new Utf8(), true, about('Number of the order, where the event is about one')),
    new Field('line_no', new Int32(), true, about('Number of the order line, where the event is about one')),
    new Field('occurred_at', instant(), false, about('When it happened in the business')),
    new Field('recorded_at', instant(), false, about('When it was recorded')),
    new Field('data', new Utf8(), false, about('The fact, as JSON')),
    new Field('metadata', new Utf8(), false, about('Who recorded it, why and after what, as JSON')),
  ],
  new Map([['orderfold.journal', String(formatVersion)]]),
);

/** Two schemas are the same when files with them can be read alike. */
export const isOurs = (other: Schema): boolean =>
  other.toString() === schema.toString() && other.metadata.get('orderfold.journal') === String(formatVersion);
