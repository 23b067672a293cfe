/** Chrome is found or fetched by libs/documents; puppeteer's own install script must never run. */
module.exports = { skipDownload: true };
