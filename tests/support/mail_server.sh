#!/bin/sh
# Runs Dovecot and Postfix for one test process, with everything they write under one directory, until standard input
# ends: then the test process is over, however it ended, and both servers are stopped.
#   mail_server.sh DIR IMAP IMAPS LMTP SMTP      (a directory and four free ports on 127.0.0.1)
# For Dovecot 2.3 and Postfix 3.7, as in Debian 12, run as root. Mail goes to the users in DIR/users and nowhere else.
set -eu
dir=$1 imap=$2 imaps=$3 lmtp=$4 smtp=$5
# Asked to end: not without stopping the servers, which happens where `read` is left.
trap : INT TERM HUP
trap '' PIPE
umask 022
cd "$dir"
mkdir -p tls run state mail tokens/default/RS256 postfix/etc postfix/spool postfix/data
chown nobody mail
chown postfix postfix/data

# An authority, a good certificate, and one that expired on 1 February 2020.
certificates() {
  key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  # shellcheck disable=SC2086
  openssl req -x509 $key -days 2 -subj '/CN=Authority of the test mail server' -keyout ca.key -out ca.pem
  : > index.txt
  echo unique_subject=no > index.txt.attr
  cat > ca.cnf <<END
[ca]
default_ca = tests
[tests]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:127.0.0.2
basicConstraints = CA:FALSE
END
  for name in good expired; do
    # shellcheck disable=SC2086
    openssl req $key -subj '/CN=localhost' -keyout $name.key -out $name.csr
    case $name in
      good) validity='-days 2' ;;
      expired) validity='-startdate 20200101000000Z -enddate 20200201000000Z' ;;
    esac
    # shellcheck disable=SC2086
    openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key $validity -in $name.csr -out $name.pem
  done
}
(cd tls && certificates) > openssl.out 2>&1

# Tokens are checked here by the key of whoever signs them, which the test lays into tokens/default/RS256/KEY-ID. One is good
# for every mailbox of the domain it was made for, as an app's is at Exchange Online.
cat > oauth2.conf <<END
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dir/tokens/
username_attribute = sub
username_format = %d
END

cat > dovecot.conf <<END
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/dovecot.log
instance_name = tests-$imap
protocols = imap lmtp
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:$dir/mail/%u
ssl = yes
ssl_cert = <$dir/tls/good.pem
ssl_key = <$dir/tls/good.key
local 127.0.0.2 {
  ssl_cert = <$dir/tls/expired.pem
  ssl_key = <$dir/tls/expired.key
}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_max_userip_connections = 200
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN $dir/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf
}
userdb {
  driver = passwd-file
  args = $dir/users
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = $imap
  }
  inet_listener imaps {
    address = 127.0.0.1 127.0.0.2
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
# After a wrong password Dovecot makes every sign-in from that address wait.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener smtp {
    mode = 0666
  }
}
recipient_delimiter = +
protocol lmtp {
  auth_username_format = %Lu
}
END

post=$dir/postfix
cat > "$post/etc/main.cf" <<END
compatibility_level = 3.6
config_directory = $post/etc
queue_directory = $post/spool
data_directory = $post/data
maillog_file = $post/maillog
maillog_file_prefixes = $dir
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.council.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
alias_maps =
local_recipient_maps =
recipient_delimiter = +
# Unknown users of our own domains are taken and bounced later, as large providers do; other domains are refused.
virtual_mailbox_domains = council.example family.example
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
default_transport = error:5.1.2 no such domain
smtpd_recipient_restrictions = check_recipient_access texthash:$post/etc/recipients, permit_auth_destination, reject
smtpd_relay_restrictions =
smtpd_client_connection_rate_limit = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/tls/good.pem
smtpd_tls_key_file = $dir/tls/good.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $dir/run/smtp
message_size_limit = 60000000
END
cat > "$post/etc/recipients" <<END
refused@family.example 550 5.1.1 no such person here
busy@family.example 450 4.2.1 the mailbox is in use, try again
END
{
  echo "127.0.0.1:$smtp inet n - n - - smtpd"
  echo 'cleanup unix n - n - 0 cleanup'
  echo 'qmgr unix n - n 5 1 qmgr'
  echo 'postlog unix-dgram n - n - 1 postlogd'
  for one in 'rewrite trivial-rewrite' 'bounce bounce' 'defer bounce' 'trace bounce' 'proxymap proxymap' 'error error' \
    'retry error' 'lmtp lmtp'; do
    echo "${one% *} unix - - n - - ${one#* }"
  done
  for one in tlsmgr anvil scache verify; do
    echo "$one unix - - n - 1 $one"
  done
} > "$post/etc/master.cf"

stop() {
  postfix -c "$post/etc" stop > postfix.out 2>&1 || true
  # Asked to stop while it is still starting, Postfix says that it is not running, and goes on.
  if read -r master < "$post/spool/pid/master.pid"; then kill "$master"; fi 2> /dev/null || true
  kill "$dovecot" 2> /dev/null || true
  wait "$dovecot" || true
}
dovecot -F -c "$dir/dovecot.conf" < /dev/null > dovecot.out 2>&1 &
dovecot=$!
trap stop EXIT
postfix -c "$post/etc" start < /dev/null > postfix.out 2>&1 || cat postfix.out >&2
echo started
while read -r _; do :; done
