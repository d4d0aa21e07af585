/** One server-sent event. */
export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Reads the text form of server-sent events piece by piece. */
export interface EventTextReader {
  /** Takes a piece of the stream and gives the events that it completed. */
  push(piece: string): readonly ServerEvent[];
}

/**
 * Makes a reader of server-sent events; comments and unknown fields are passed over, an id stays until the next one.
 *
 * @see WHATWG HTML §9.2.6, interpreting an event stream
 */
export function createEventTextReader(): EventTextReader {
  let rest = '';
  let id = '';
  return {
    push: (piece) => {
      const blocks = `${rest}${piece}`.split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      return blocks.flatMap((block) => {
        const fields = fieldsOf(block);
        id = fields.get('id') ?? id;
        const data = fields.get('data');
        return data === undefined ? [] : [{ id, event: fields.get('event') ?? 'message', data }];
      });
    },
  };
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    const before = fields.get(name);
    fields.set(name, name === 'data' && before !== undefined ? `${before}\n${value}` : value);
  }
  return fields;
}
