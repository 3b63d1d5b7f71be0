// Package pdftest signs PDFs the way a person does in a program of their own, for tests of what is handed in signed.
package pdftest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"
)

// Person is somebody with a key and a certificate of their own.
type Person struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// New makes a person with a certificate that they signed themselves, good for a day before and after now.
func New(t testing.TB, name string) Person {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageContentCommitment | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return Person{key, certificate}
}

// Sign adds the person's signature to a PDF, which may hold others.
func (p Person) Sign(t testing.TB, document []byte) []byte {
	t.Helper()
	reader, err := pdf.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = sign.Sign(bytes.NewReader(document), &b, reader, int64(len(document)), sign.SignData{
		Signature: sign.SignDataSignature{CertType: sign.ApprovalSignature,
			Info: sign.SignDataSignatureInfo{Name: p.certificate.Subject.CommonName, Date: time.Now()}},
		Signer: p.key, DigestAlgorithm: crypto.SHA256, Certificate: p.certificate,
		CertificateChains: [][]*x509.Certificate{{p.certificate}}})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
