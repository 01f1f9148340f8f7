package uploads_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"testing"
)

func checksumOf(algorithm string, data []byte) string {
	one, two := sha1.Sum(data), sha256.Sum256(data)
	sum := map[string][]byte{"sha1": one[:], "sha256": two[:]}[algorithm]
	return algorithm + " " + base64.StdEncoding.EncodeToString(sum)
}

// TestSpoiltPiecesAreTakenBack: the bytes of a request that do not meet its
// checksum are gone, those before it stay.
func TestSpoiltPiecesAreTakenBack(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.patch(blob, 0, data[:5000], "Upload-Checksum", checksumOf("sha1", data[:5000])).expect(t, 204, "")
	spoilt := bytes.Clone(data[5000:9000])
	spoilt[77] ^= 1
	for _, algorithm := range []string{"sha1", "sha256"} {
		chen.patch(blob, 5000, spoilt, "Upload-Checksum", checksumOf(algorithm, data[5000:9000])).expect(t, 460, "upload.checksum_mismatch")
		chen.head(blob).expectOffset(t, 5000)
	}
	// The last piece too: nothing is finished with spoilt bytes.
	spoilt = bytes.Clone(data[5000:])
	spoilt[len(spoilt)-1] ^= 1
	chen.patch(blob, 5000, spoilt, "Upload-Checksum", checksumOf("sha256", data[5000:])).expect(t, 460, "upload.checksum_mismatch")
	w.expectState(blob, "pending")
	chen.patch(blob, 5000, data[5000:], "Upload-Checksum", checksumOf("sha256", data[5000:])).expect(t, 204, "")
	w.expectState(blob, "stored")
	if !bytes.Equal(w.file(w.row(blob), blob+".jpg"), data) {
		t.Error("the original is another file")
	}
}

func TestChecksumOfTheCreation(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.createWith(blob, len(data), data[:3000], "Upload-Checksum", checksumOf("sha1", data[:2999])).expect(t, 460, "upload.checksum_mismatch")
	chen.head(blob).expectOffset(t, 0)
	chen.createWith(blob, len(data), data[:3000], "Upload-Checksum", checksumOf("sha1", data[:3000])).expect(t, 201, "")
	chen.head(blob).expectOffset(t, 3000)
}

// TestACutRequestKeepsItsBytes: there is no whole piece to check, and a line
// that always breaks must get on.
func TestACutRequestKeepsItsBytes(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	chen.cut(blob, 0, len(data), data[:6000], "Upload-Checksum: "+checksumOf("sha1", data)+"\r\n")
	chen.head(blob).expectOffset(t, 6000)
}

func TestSenselessChecksums(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen.create(blob, len(data)).expect(t, 201, "")
	for _, header := range []string{"md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1", "sha1 ???", "sha256 " + base64Of("short"), "sha1 " + base64Of("longer than twenty bytes")} {
		chen.patch(blob, 0, data, "Upload-Checksum", header).expect(t, 400, "upload.request")
	}
	chen.head(blob).expectOffset(t, 0)
}
