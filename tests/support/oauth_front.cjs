// The OAuth2 server stand-in of the tests: the third-party oauth2-mock-server behind a thin front of our own, which adds
// what a real token server does and the mock leaves to its hooks: it knows its clients, spends refresh tokens, and can be
// told to fail. Loopback only; prints "ready URL" and serves until killed.
//
//   POST /token and POST /TENANT/oauth2/v2.0/token    the token endpoint (the mock's own)
//   GET  /jwks …                                      the mock's own
//   POST /__set       what differs from `state` below
//   GET  /__requests  every call of the token endpoint: {grant, refresh_token, client_id, scope, status}, oldest first
//   GET  /__under_way how many calls are being thought about
//   GET  /__key       {id, pem}: the public key that signs, for a mail server that checks tokens by itself
'use strict';
const crypto = require('crypto');
const http = require('http');
const path = require('path');
const { OAuth2Server } = require(
  path.join(__dirname, '../../setup/oauth-test/node_modules/oauth2-mock-server'),
);

const state = {
  sub: 'complaints@council.example', // whom a token is for
  claims: {}, // more of what stands in it
  expires_in: 3600, // what the answer says, seconds
  lives: null, // when the token is really over, seconds; null: as the answer says
  client_id: 'heard', // null: any
  client_secret: 'right', // null: none is asked for
  refresh_tokens: ['seed'], // those that are good
  rotate: false, // each refresh spends the token and gives a new one
  delay: 0, // milliseconds before it answers
  lose: 0, // so many answers are lost on their way, after the server did its work
  fault: null, // {times, status, body, headers}: the next calls are answered so; status 0: hang up
};
const requests = [];
let arrived = 0;
const { issuer, service } = new OAuth2Server();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const refusal = (error, error_description) => ({ statusCode: 401, body: { error, error_description } });

// What a real server would say to this request: null when it is in order.
const fault = ({ grant_type, client_id, client_secret, refresh_token }, { authorization = '' }) => {
  if (authorization.startsWith('Basic ')) {
    const decoded = Buffer.from(authorization.slice(6), 'base64').toString();
    [client_id, client_secret] = decoded.split(':').map(decodeURIComponent);
  }
  if (state.client_id !== null && client_id !== state.client_id) return refusal('invalid_client', 'AADSTS700016: no such app');
  if (state.client_secret !== null && client_secret !== state.client_secret) {
    return refusal('invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  }
  if (grant_type === 'refresh_token' && !state.refresh_tokens.includes(refresh_token)) {
    return { ...refusal('invalid_grant', 'Token has been expired or revoked.'), statusCode: 400 };
  }
  return null;
};

service.on('beforeTokenSigning', (token, request) => {
  const now = Math.floor(Date.now() / 1000);
  Object.assign(token.payload, { sub: state.sub, jti: crypto.randomUUID() }, state.claims);
  token.payload.exp = now + (state.lives ?? state.expires_in);
});

service.on('beforeResponse', (response, request) => {
  const { grant_type, refresh_token, client_id, scope } = request.body;
  const wrong = fault(request.body, request.headers);
  if (wrong) {
    Object.assign(response, wrong);
  } else {
    response.body.expires_in = state.expires_in;
    if (grant_type !== 'authorization_code') delete response.body.id_token;
    if (grant_type === 'refresh_token' && state.rotate) {
      state.refresh_tokens = state.refresh_tokens.filter((token) => token !== refresh_token);
      state.refresh_tokens.push(response.body.refresh_token);
    } else {
      delete response.body.refresh_token;
    }
  }
  requests.push({ grant: grant_type, refresh_token, client_id, scope, status: response.statusCode });
  if (state.lose-- > 0) request.socket.destroy();
  else state.lose = 0;
});

const answer = (response, status, body, headers = {}) => {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
};

const read = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const serve = async (request, response) => {
  if (request.url === '/__requests') return answer(response, 200, requests);
  if (request.url === '/__under_way') return answer(response, 200, arrived - requests.length);
  if (request.url === '/__key') {
    const [key] = issuer.keys.toJSON();
    const pem = crypto.createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    return answer(response, 200, { id: key.kid, pem });
  }
  if (request.url === '/__set') {
    Object.assign(state, JSON.parse(await read(request)));
    return answer(response, 200, { ok: true });
  }
  if (/^(\/[^/]+\/oauth2\/v2\.0)?\/token$/.test(request.url)) {
    // Read first: what was sent takes effect also when its sender has gone meanwhile.
    request.body = Object.fromEntries(new URLSearchParams(await read(request)));
    request._body = true;
    arrived += 1;
    if (state.delay) await wait(state.delay);
    if (state.fault && state.fault.times-- > 0) {
      const { status, body, headers } = state.fault;
      requests.push({ status });
      return status === 0 ? request.socket.destroy() : answer(response, status, body ?? '', headers);
    }
    request.url = '/token';
  }
  return service.requestHandler(request, response);
};

(async () => {
  await issuer.keys.generate('RS256', { kid: `stand-in-${process.pid}` });
  const server = http.createServer((request, response) => {
    serve(request, response).catch((error) => answer(response, 500, { error: String(error) }));
  });
  server.listen(0, '127.0.0.1', () => {
    issuer.url = `http://127.0.0.1:${server.address().port}`;
    console.log(`ready ${issuer.url}`);
  });
})();
