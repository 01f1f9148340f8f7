// Uploads a file to the ticket of a blob, as a phone's browser would:
// node upload.mjs endpoint file token device blob
import { createReadStream, statSync } from 'node:fs'
import * as tus from 'tus-js-client'

const [endpoint, path, token, device, blob] = process.argv.slice(2)
let retries = 0
const upload = new tus.Upload(createReadStream(path), {
  endpoint,
  uploadSize: statSync(path).size,
  chunkSize: 4 << 20,
  headers: { Authorization: token, 'X-Sync-Device': device },
  metadata: { blob },
  retryDelays: Array(500).fill(50),
  storeFingerprintForResuming: false,
  removeFingerprintOnSuccess: true,
  onShouldRetry() {
    retries++
    return true
  },
  onError(error) {
    console.error(String(error))
    process.exit(1)
  },
  onSuccess() {
    console.log(JSON.stringify({ url: upload.url, retries }))
  },
})
upload.start()
