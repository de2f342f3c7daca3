/**
 * The JSON schema of the OCEL 2.0 specification (Berti et al., arXiv 2403.01975, section 8.2, CC BY 4.0; for download at
 * ocel-standard.org/2.0/ocel20-schema-json.json), written down again: the same rules, and no others.
 */
const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

const list = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'array',
  items: { type: 'object', properties, required },
});

const types = list({ name: text, attributes: list({ name: text, type: text }) });
const relationships = list({ objectId: text, qualifier: text });
const ofEvent = list({ name: text, value: text });
const ofObject = list({ name: text, value: text, time });

const collections = {
  eventTypes: types,
  objectTypes: types,
  events: list({ id: text, type: text, time, attributes: ofEvent, relationships }, ['id', 'type', 'time']),
  objects: list({ id: text, type: text, relationships, attributes: ofObject }, ['id', 'type']),
};

export const ocelSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: collections,
  required: Object.keys(collections),
};
