// A real OpenID provider on loopback, whose people are whoever is typed: node issuer.mjs PORT RETURN_ADDRESS CODE_SECONDS
import Provider from 'oidc-provider';

const [port, returnAddress, codeSeconds] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'perron',
    token_endpoint_auth_method: 'none',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code'],
    response_types: ['code'],
    redirect_uris: [returnAddress],
  }],
  // As Entra shapes them, so that nothing of ours knows an address that was not discovered.
  routes: {
    device_authorization: '/tenant/oauth2/v2.0/devicecode',
    token: '/tenant/oauth2/v2.0/token',
    authorization: '/tenant/oauth2/v2.0/authorize',
    jwks: '/tenant/discovery/v2.0/keys',
    code_verification: '/devicelogin',
  },
  features: { deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' }, devInteractions: { enabled: true } },
  pkce: { required: () => false, methods: ['S256'] },
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'given_name', 'family_name'], email: ['email'] },
  ttl: { DeviceCode: Number(codeSeconds), AccessToken: 300, IdToken: 300, Session: 300, Grant: 300, Interaction: 300, AuthorizationCode: 60 },
  cookies: { keys: ['only for tests'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, email: id, given_name: 'Agnès', family_name: 'EXEMPLE', name: 'Agnès EXEMPLE' }),
  }),
});

provider.on('server_error', (_, error) => console.error(error));
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
