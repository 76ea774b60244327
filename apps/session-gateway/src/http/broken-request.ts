import { invalid } from '@strongroom/protocol';
import { problemOf } from '../problem/problem.js';

/** The socket on which no request could be read. */
interface BrokenSocket {
  readonly writable: boolean;
  readonly destroyed: boolean;
  end(text: string): unknown;
  destroy(): unknown;
}

/** What Node's parser found: too many header bytes, too slow, or not HTTP. */
interface ParserError {
  readonly code?: string | undefined;
}

/** Answers bytes that are no request with problem details as well, then closes: there is nothing to go on with. */
export function answerBrokenRequest(error: ParserError, socket: BrokenSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason, field } = meaningOf(error.code);
  const problem = problemOf(invalid(field, reason), 'none', 0, status);
  const body = JSON.stringify(problem.body);
  const headers = { ...problem.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

function meaningOf(code: string | undefined): { readonly status: number; readonly field: string; readonly reason: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, field: 'headers', reason: 'are too long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, field: 'request', reason: 'came too slowly' };
  return { status: 400, field: 'request', reason: 'is not HTTP' };
}
