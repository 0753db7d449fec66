#!/bin/sh
# Makes the certificates and keys of this folder anew: openssl 3, valid for a hundred years. They protect nothing.
set -e
days=36500
leaf() { # name, extension, key options
    openssl req -newkey "$3" ${4:+-pkeyopt "$4"} -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
    echo "$2" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA "${5:-authority}.pem" -CAkey "${5:-authority}.key" -days "${6:-$days}" \
        -extfile "$1.ext" -out "$1.pem" 2>/dev/null
    rm "$1.csr" "$1.ext"
}
for name in authority stranger; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.pem -days $days -subj "/CN=test $name" 2>/dev/null
done
leaf server "subjectAltName=DNS:localhost" rsa:2048
leaf elsewhere "subjectAltName=DNS:elsewhere.example" rsa:2048
leaf client "extendedKeyUsage=clientAuth" rsa:2048
leaf client-ec "extendedKeyUsage=clientAuth" ec ec_paramgen_curve:prime256v1
leaf foreign "extendedKeyUsage=clientAuth" rsa:2048 "" stranger
# Expired the day it was made: openssl ca takes dates.
for name in server client; do
    mkdir ca && : > ca/index && echo 01 > ca/serial
    printf '[ca]\ndefault_ca=d\n[d]\ndir=ca\ndatabase=ca/index\nserial=ca/serial\nnew_certs_dir=ca\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:localhost\n' > ca/conf
    openssl req -new -key $name.key -out ca/csr -subj "/CN=$name"
    openssl ca -batch -config ca/conf -cert authority.pem -keyfile authority.key -in ca/csr -out $name-expired.pem -notext \
        -startdate 20200101000000Z -enddate 20210101000000Z 2>/dev/null
    rm -r ca
done
openssl rsa -in client.key -traditional -out client-pkcs1.key 2>/dev/null
openssl ec -in client-ec.key -out client-sec1.key 2>/dev/null
openssl ecparam -name prime256v1 > client-sec1-parameters.key 2>/dev/null && cat client-sec1.key >> client-sec1-parameters.key
openssl pkcs8 -topk8 -in client.key -passout pass:secret -out client-encrypted.key
openssl rsa -in client.key -aes128 -traditional -passout pass:secret -out client-pkcs1-encrypted.key 2>/dev/null
cat client.pem client.key > client-both.pem
cat stranger.pem authority.pem > several.pem
openssl x509 -in authority.pem -outform der -out authority.der
rm -f stranger.key authority.key elsewhere-unused.key ./*.srl
