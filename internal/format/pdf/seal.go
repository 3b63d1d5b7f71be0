package pdf

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"
	"software.sslmate.com/src/go-pkcs12"
)

// Key is a private key with the certificate that says whose it is. The zero Key seals nothing.
type Key struct {
	signer      crypto.Signer
	certificate *x509.Certificate
	chain       []*x509.Certificate
}

// ErrKey says that a file holds no key that can seal, or that the password is another.
var ErrKey = errors.New("pdf: no PKCS#12 file with a key and a certificate, or another password")

// ParseKey reads a PKCS#12 file (RFC 7292).
func ParseKey(file []byte, password string) (Key, error) {
	private, certificate, chain, err := pkcs12.DecodeChain(file, password)
	if err != nil {
		return Key{}, errors.Join(ErrKey, err)
	}
	signer, can := private.(crypto.Signer)
	if !can {
		return Key{}, ErrKey
	}
	return Key{signer, certificate, chain}, nil
}

// MakeKey makes a key with a certificate that it signs itself, good for ten years, as a PKCS#12 file. It is for demonstrations: nobody but
// its maker vouches for it.
func MakeKey(name, organisation, password string, from time.Time) ([]byte, error) {
	private, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{organisation}},
		NotBefore: from.Add(-24 * time.Hour), NotAfter: from.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return pkcs12.Modern.Encode(private, certificate, nil, password)
}

// Usable tells whether there is a key at all.
func (k Key) Usable() bool { return k.signer != nil }

// Subject is whose key it is, in the words of the certificate.
func (k Key) Subject() string {
	if k.certificate == nil {
		return ""
	}
	return k.certificate.Subject.String()
}

// Seal signs a PDF that holds no signature yet. Its whole content is covered, and no change is allowed after it.
func Seal(document []byte, k Key, reason, place string, at time.Time) ([]byte, error) {
	if !k.Usable() {
		return nil, ErrKey
	}
	return signature(document, sign.SignData{
		Signature: sign.SignDataSignature{CertType: sign.CertificationSignature, DocMDPPerm: sign.DoNotAllowAnyChangesPerms,
			Info: sign.SignDataSignatureInfo{Name: k.certificate.Subject.CommonName, Reason: reason, Location: place, Date: at}},
		Signer: k.signer, DigestAlgorithm: crypto.SHA256, Certificate: k.certificate,
		CertificateChains: [][]*x509.Certificate{append([]*x509.Certificate{k.certificate}, k.chain...)}})
}

// maxSignature is room for the signature itself, in hexadecimal digits, beside its certificates: enough for any key in use.
const maxSignature = 8192

func signature(document []byte, how sign.SignData) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil { // the reader gives up that way on what is no PDF
			out, err = nil, fmt.Errorf("pdf: cannot be sealed: %v", p)
		}
	}()
	reader, err := pdf.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	// The library's own function guesses the room for the signature, and writes everything twice when it guessed too low.
	work := sign.SignContext{PDFReader: reader, InputFile: bytes.NewReader(document), OutputFile: &b, SignData: how, SignatureMaxLengthBase: maxSignature}
	err = work.SignPDF()
	return b.Bytes(), err
}
