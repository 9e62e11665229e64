package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// certRequest is one entry of the JSON array that `certs` reads from standard input.
type certRequest struct {
	// Name of the files: <name>.crt and <name>.key.
	Name string `json:"name"`
	// Usage is "ca", "server" or "client".
	Usage string `json:"usage"`
	// Issuer is the name of the signing pair, made earlier; empty means self-signed.
	Issuer        string    `json:"issuer"`
	CommonName    string    `json:"commonName"`
	Organizations []string  `json:"organizations"`
	DNSNames      []string  `json:"dnsNames"`
	IPAddresses   []net.IP  `json:"ipAddresses"`
	NotBefore     time.Time `json:"notBefore"`
	NotAfter      time.Time `json:"notAfter"`
}

func newCertsCommand() *cobra.Command {
	return &cobra.Command{
		Use:           "certs DIRECTORY",
		Short:         "Make the key pairs that a JSON array on standard input describes",
		Args:          cobra.ExactArgs(1),
		SilenceUsage:  true,
		SilenceErrors: false,
		RunE: func(command *cobra.Command, arguments []string) error {
			return makeCerts(command.InOrStdin(), arguments[0])
		},
	}
}

func makeCerts(input io.Reader, directory string) error {
	var requests []certRequest
	decoder := json.NewDecoder(input)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&requests); err != nil {
		return fmt.Errorf("read the requests: %w", err)
	}
	for _, request := range requests {
		if err := makeCert(directory, request); err != nil {
			return fmt.Errorf("certificate %q: %w", request.Name, err)
		}
	}
	return nil
}

func makeCert(directory string, request certRequest) error {
	template, err := certTemplate(request)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	parent, signer := template, crypto.Signer(key)
	if request.Issuer != "" {
		if parent, signer, err = readPair(directory, request.Issuer); err != nil {
			return err
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePEM(directory, request.Name+".key", "PRIVATE KEY", keyDER); err != nil {
		return err
	}
	return writePEM(directory, request.Name+".crt", "CERTIFICATE", der)
}

func certTemplate(request certRequest) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: request.CommonName, Organization: request.Organizations},
		NotBefore:             request.NotBefore,
		NotAfter:              request.NotAfter,
		DNSNames:              request.DNSNames,
		IPAddresses:           request.IPAddresses,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
	switch request.Usage {
	case "ca":
		template.IsCA = true
		template.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	case "server":
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	case "client":
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	default:
		return nil, fmt.Errorf("usage %q is none of ca, server, client", request.Usage)
	}
	return template, nil
}

func readPair(directory, name string) (*x509.Certificate, crypto.Signer, error) {
	certDER, err := readPEM(directory, name+".crt")
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(certDER)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := readPEM(directory, name+".key")
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(keyDER)
	if err != nil {
		return nil, nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, fmt.Errorf("the key of %q cannot sign", name)
	}
	return certificate, signer, nil
}

func readPEM(directory, file string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(directory, file))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM block", file)
	}
	return block.Bytes, nil
}

func writePEM(directory, file, kind string, der []byte) error {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return os.WriteFile(filepath.Join(directory, file), text, 0o600)
}
