/** Codes that the routes of the server itself give. */
export const serverErrors = {
  'server/draining': 'The server is about to stop and takes no more work.',
  'server/bad-event-id': 'The Last-Event-ID is not a position of the event log.',
} as const;
