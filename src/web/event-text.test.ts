import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventTextReader } from './event-text.ts';

const TEXT =
  'retry: 2000\n\nid: 7\nevent: ready\ndata: {}\n\n: 7\n\nid: 8\nevent: change\ndata: {"a":1}\ndata: 2\n\nid: 9\nevent: chan';

describe('a reader of server-sent events', () => {
  it('gives whole events with their id, and passes over comments and pauses', () => {
    expect(createEventTextReader().push(TEXT)).toEqual([
      { id: '7', event: 'ready', data: '{}' },
      { id: '8', event: 'change', data: '{"a":1}\n2' },
    ]);
  });

  it('gives the same however the stream is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 12 }), (cuts) => {
        const reader = createEventTextReader();
        const edges = [0, ...cuts.toSorted((a, b) => a - b), TEXT.length];
        const events = edges.slice(1).flatMap((end, index) => reader.push(TEXT.slice(edges[index], end)));
        expect(events).toEqual(createEventTextReader().push(TEXT));
      }),
    );
  });

  it('keeps the last id for events that have none', () => {
    expect(
      createEventTextReader()
        .push('id: 4\ndata: a\n\ndata: b\n\n')
        .map((event) => event.id),
    ).toEqual(['4', '4']);
  });
});
