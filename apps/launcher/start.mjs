/**
 * The way in: `npm start`, `npm run demo | reset | ops | bench | simulate`. Must be readable by a Node.js that is too old, so that it can say so;
 * everything else is loaded only after that.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Xinyin needs Node.js 20.19 or newer; this is ${process.versions.node}.\nInstall a newer one (https://nodejs.org) and start again.`,
  );
  process.exit(1);
}

import('./prepare/launch.mjs').then(({ launch }) => launch(process.argv.slice(2)));
