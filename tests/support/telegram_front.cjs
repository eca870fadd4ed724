// The Bot API stand-in of the tests: the third-party emulator telegram-test-api behind a thin front of our own, which
// fills in what the emulator lacks and a real bot relies on. Loopback only; prints "ready URL" and serves until killed.
//
//   the bot's side   /bot<token>/<method>, as the Bot API
//   POST /sendMessage {botToken, from, chat, date, text, …}    a user speaks (the emulator's own)
//   POST /getUpdates  {token, chatId}                          what the bot said to that chat since last asked (its own)
//   POST /__update    {token, update}                          an update of any kind, without its update_id
//   POST /__fail      {method, times, status, body}            the next calls of that method answer so; status 0: hang up, -1: never answer
//   PUT  /__file/ID   bytes                                    what getFile and the download hand over under that file_id
//   POST /sendCallback {botToken, from, message, data}         a user presses a button (the emulator's own)
//   GET  /__calls     the methods the bot called, with their arguments, oldest first
'use strict';
const http = require('http');
const path = require('path');
const emulators = require(path.join(__dirname, '../../setup/telegram-test/node_modules/telegram-test-api'));
const TelegramServer = emulators.default ?? emulators;

const emulator = new TelegramServer({ storeTimeout: 3600 });
const unconfirmed = new Map(); // token -> updates that no offset has passed yet
const faults = new Map(); // method -> how its next calls fail
const calls = [];
const files = new Map(); // file_id -> bytes

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const read = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const answer = (response, status, body) => {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
};

// The real API gives an update again until a call's offset passes it, and waits for one; the emulator does neither.
const getUpdates = async (request, token, { offset = 0, limit = 100, timeout = 0 }) => {
  const end = Date.now() + Math.min(timeout, 50) * 1000;
  for (;;) {
    const fresh = emulator.getUpdates(token);
    // The emulator hands the bot its own token inside each message; the real API does not.
    for (const { message } of fresh) delete message?.botToken;
    const waiting = [...(unconfirmed.get(token) ?? []), ...fresh]
      .filter((update) => update.update_id >= offset)
      .sort((a, b) => a.update_id - b.update_id);
    unconfirmed.set(token, waiting);
    if (waiting.length > 0 || Date.now() >= end || request.socket.destroyed) return waiting.slice(0, limit);
    await wait(20);
  }
};

// The emulator's getMe lacks fields that the Bot API promises.
const me = {
  id: 666, is_bot: true, first_name: 'Heard', username: 'heard_test_bot', can_join_groups: true,
  can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false, has_main_web_app: false,
};

// The emulator dates in milliseconds and leaves out the sender; an unknown method is a 404 of the Bot API.
const mended = (status, bytes) => {
  const body = JSON.parse(bytes);
  if (status >= 500 && body.ok === undefined) return [404, { ok: false, error_code: 404, description: body.message }];
  if (body.result?.date > 1e11) body.result.date = Math.floor(body.result.date / 1000);
  if (body.result?.message_id) body.result.from ??= { id: me.id, is_bot: true, first_name: me.first_name };
  return [status, body];
};

const pass = (back, request, body, response, mend) => {
  const headers = { ...request.headers, host: '127.0.0.1', 'content-length': body.length };
  delete headers['transfer-encoding'];
  const options = { host: '127.0.0.1', port: back, path: request.url, method: request.method, headers };
  const onward = http.request(options, async (reply) => {
    const bytes = await read(reply);
    if (mend) return answer(response, ...mended(reply.statusCode, bytes));
    response.writeHead(reply.statusCode, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
  onward.on('error', (error) => answer(response, 502, { ok: false, description: String(error) }));
  onward.end(body);
};

const serve = async (back, request, response) => {
  const body = await read(request);
  const json = () => (body.length ? JSON.parse(body) : {});
  const kept = /^\/__file\/([\w-]+)$/.exec(request.url);
  if (kept) {
    files.set(kept[1], body);
    return answer(response, 200, { ok: true });
  }
  // The client writes the path's slash as %2F; the real server takes both.
  const wanted = /^\/file\/bot[^/]+\/files\/([\w-]+)$/.exec(decodeURIComponent(request.url));
  if (wanted) {
    const fault = faults.get('download');
    if (fault && fault.times-- > 0) return request.socket.destroy();
    const bytes = files.get(wanted[1]);
    if (!bytes) return answer(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    return response.end(bytes);
  }
  if (request.url === '/__calls') return answer(response, 200, calls);
  if (request.url === '/__fail') {
    const fault = json();
    faults.set(fault.method.toLowerCase(), { times: 1, ...fault });
    return answer(response, 200, { ok: true });
  }
  if (request.url === '/__update') {
    const { token, update } = json();
    unconfirmed.set(token, [...(unconfirmed.get(token) ?? []), { update_id: emulator.updateId++, ...update }]);
    return answer(response, 200, { ok: true });
  }
  const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url) ?? [];
  if (!method) return pass(back, request, body, response, false);
  const name = method.toLowerCase();
  calls.push({ method: name, arguments: json() });
  const fault = faults.get(name);
  if (fault && fault.times-- > 0) {
    if (fault.status < 0) return;
    return fault.status === 0 ? request.socket.destroy() : answer(response, fault.status, fault.body);
  }
  if (name === 'getfile') {
    const { file_id: id } = json();
    const bytes = files.get(id);
    if (!bytes) return answer(response, 400, { ok: false, error_code: 400, description: 'Bad Request: invalid file_id' });
    const result = { file_id: id, file_unique_id: `u-${id}`, file_size: bytes.length, file_path: `files/${id}` };
    return answer(response, 200, { ok: true, result });
  }
  if (name === 'answercallbackquery') return answer(response, 200, { ok: true, result: true });
  if (name === 'getme') return answer(response, 200, { ok: true, result: me });
  if (name === 'getupdates') {
    return answer(response, 200, { ok: true, result: await getUpdates(request, decodeURIComponent(token), json()) });
  }
  return pass(back, request, body, response, true);
};

const listen = (server) => new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
});

(async () => {
  const back = await listen(http.createServer(emulator.webServer));
  const front = await listen(http.createServer((request, response) => {
    serve(back, request, response).catch((error) => answer(response, 500, { ok: false, description: String(error) }));
  }));
  console.log(`ready http://127.0.0.1:${front}`);
})();
