import type { ServerResponse } from 'node:http';

/** One answer that waits for the end of the turn. */
interface WaitingAnswer {
  readonly response: ServerResponse;
  readonly text: string;
}

let waiting: WaitingAnswer[] = [];

/**
 * Sends text that is known to be ASCII at the end of this turn of the event loop, together with all other answers of the turn.
 *
 * Writes one after the other cost less than writes between reads: the client is woken once, and reads the next answer
 * while this side writes it.
 *
 * @param response - Not yet begun.
 * @param text - JSON, ASCII only: a character is a byte then, and nothing has to be measured or encoded.
 */
export function sendAtTurnEnd(response: ServerResponse, text: string): void {
  if (waiting.length === 0) setImmediate(sendWaiting);
  waiting.push({ response, text });
}

function sendWaiting(): void {
  const answers = waiting;
  waiting = [];
  for (const { response, text } of answers) {
    if (response.destroyed) continue;
    // Header names and values in one flat list: Node then builds no header object.
    response.writeHead(200, ['content-type', 'application/json', 'content-length', String(text.length)]);
    response.end(text, 'latin1');
  }
}
