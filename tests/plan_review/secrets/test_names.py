"""Names: those that tell of a secret are known as such, and ordinary ones are not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.secrets.names import HINTS, KINDS, kind_of_secret, may_name_secret

SECRET = re.findall(
    r"\S+",
    """
REDISCLI_AUTH DB_PASS_RW ENC_KEY passkey ERLANG_COOKIE RECOVERY_CODE BACKUP_CODES ACCESS_CODE STORAGE_SAS
KAFKA_SASL_JAAS_CONFIG DOCKER_AUTH_CONFIG dockerconfigjson docker_config_json VAULT_UNSEAL_KEY
DB_PASS SMTP_PASS MYSQL_PASS PASS RABBITMQ_DEFAULT_PASS MAIL_PASS PGPASS SSHPASS KEYSTORE_PASS DBPASS dbPass
adminPass userPass MySQLPass db.pass spring.datasource.pass DB_PASS_PROD SMTP_PASS_2 ADMIN_PASS_OLD rootpass
BASIC_AUTH_PASS PASSPHRASE PASS_PHRASE PASSCODE DB_PASSES KENNWORT MOT_DE_PASSE PIN_CODE pinCode PASSWORD
db_password PGPASSWORD ADMIN_PW PASSWD passwd MYSQL_PWD POSTGRES_PASSWORD_HASH PASSWORD_PROD dbPassword
master_user_password admin-password /shop/db/password requirepass masterauth_password REDIS_AUTH NPM_AUTH
AUTH _auth RABBITMQ_AUTH redisAuth BASIC_AUTH FERNET_KEY AES_KEY AES_256_KEY CRYPT_KEY ENCRYPT_KEY
CIPHER_KEY fernet_key cryptKey STRIPE_KEY SENDGRID_KEY DB_KEY SSH_KEY RAILS_MASTER_KEY APP_KEY LICENSE_KEY
API_KEY apiKey x-api-key SECRET_KEY_BASE ACCESSKEY PRIVATE_KEY TLS_KEY CA_KEY HMAC_KEY JWT_KEY NONCE_KEY
LOGGED_IN_KEY COOKIE_KEY storage_account_key DD_APP_KEY signing_key TOKEN GITHUB_TOKEN auth_token
AUTH_TOKEN_V2 JWT BEARER OTP GITHUB_PAT GITLAB_PAT STRIPE_SK refreshToken SECRET CLIENT_SECRET clientSecret
COOKIE_SECRET SECRET_VALUE SECRET1 SALT HASH_SALT HMAC MFA_SEED MNEMONIC HTPASSWD CREDENTIALS
aws_credentials SERVICE_ACCOUNT_JSON KUBECONFIG kube_config_raw AUTHORIZATION proxy_authorization SENTRY_DSN
connection_string ConnectionString SLACK_WEBHOOK TEAMS_WEBHOOK
""",
)
HARMLESS = re.findall(
    r"\S+",
    """
PASSIVE_MODE PASSIVE COMPASS_URL COMPASS KEYBOARD KEYBOARD_LAYOUT AUTHOR AUTHORS AUTHORITY AUTHORIZED_USERS
BYPASS_CACHE BYPASS BY_PASS TRESPASS SURPASS ENCOMPASS UNDERPASS LOWPASS HIGH_PASS BANDPASS MULTIPASS
SINGLE_PASS TWO_PASS FIRST_PASS BOARDING_PASS PASSENGER PASSENGER_COUNT PASSPORT PASSPORT_COUNTRY PASSAGE
PASSED PASS_COUNT PASS_RATE PASS_THROUGH PASSTHROUGH PROXY_PASS proxy_pass fastcgi_pass uwsgi_pass
PROXY_PASS_HEADER password_policy PASSWORD_LENGTH PASSWORD_FILE DB_PASSWORD_FILE PASSWORD_RESET_URL
password_last_used PASSWORD_MIN_LENGTH minimum_password_length require_uppercase_characters
PASSWORD_EXPIRY_DAYS passwordFormat PASS_FILE MONKEY TURKEY DONKEY HOCKEY JOCKEY KEYS KEY key key_name
KEY_ID kms_key_id kms_key_arn KEY_PREFIX KEY_PATH KEYSPACE KEYSTORE KEYSTORE_PATH KEYSTORE_TYPE PUBLIC_KEY
public_key PRIMARY_KEY FOREIGN_KEY PARTITION_KEY partition_key hash_key range_key sort_key HASH_KEY SORT_KEY
CACHE_KEY cache_key OBJECT_KEY S3_KEY s3_key s3_object_key bucket_key BUCKET_KEY tag_key TAG_KEY ROUTING_KEY
routing_key GROUP_KEY INDEX_KEY FILTER_KEY CONFIG_KEY STATE_KEY LOOKUP_KEY PARAMETER_KEY LABEL_KEY
ANNOTATION_KEY HEADER_KEY JSON_KEY MESSAGE_KEY RECORD_KEY ROW_KEY SHARD_KEY UNIQUE_KEY IDEMPOTENCY_KEY
DEDUPLICATION_KEY MAP_KEY METRIC_KEY DATA_KEY FEATURE_KEY LOCALE_KEY QUEUE_KEY TOPIC_KEY TRACE_KEY SITE_KEY
LOCK_KEY REDIS_KEY USER_KEY ORDER_KEY api_key_required API_KEY_SOURCE api_key_id access_key_id AUTH_MODE
AUTH_TYPE AUTH_URL AUTH_PROVIDER AUTH_ENABLED AUTH_ENDPOINT OAUTH OAUTH_CLIENT OAUTH2_ISSUER OIDC_ISSUER
REQUIRE_AUTH ENABLE_AUTH DISABLE_AUTH NO_AUTH SKIP_AUTH CLIENT_AUTH client_auth TLS_AUTH LDAP_AUTH IAM_AUTH
iam_database_authentication_enabled authentication authentication_type authorization_type authorizer_id
AUTHN AUTHZ_POLICY basic_auth_enabled TOKEN_TTL TOKEN_URL token_type TOKEN_EXPIRY_SECONDS TOKEN_ISSUER
token_validity_units http_tokens_mode SECRET_NAME SECRET_ARN secret_arn secret_id SECRET_VERSION
secrets_manager_arn SECRET_PROVIDER SECRETARY SECTION SECTOR SECRETION CREDIT CREDIT_LIMIT CREDITS
credential_source CREDENTIALS_FILE CREDENTIALS_PATH DSN_COUNT CONNECTION_TIMEOUT CONNECTIONS connection_arn
MAX_CONNECTIONS CONNECT_URL SEED RANDOM_SEED SEED_DATA SEEDS PAT PATH PATTERN PATCH COMPAT FORMAT DATA_PATH
LOG_PATH HTTP_PATH ANTIPATTERN WEBHOOK_URL WEBHOOK_ENABLED WEBHOOK_PATH KUBECONFIG_PATH DOCKER_CONFIG
AREA_CODE COUNTRY_CODE KUBE_NAMESPACE KUBERNETES_PORT
HMAC_ALGORITHM SIGNATURE_VERSION signature_algorithm SALTED SALTWATER BASALT COOKIE
COOKIE_NAME COOKIE_DOMAIN SESSION_TIMEOUT SESSION SESSIONS NODE_ENV PORT HOST LOG_LEVEL REGION BUCKET TABLE
QUEUE_URL DATABASE_URL DB_HOST DB_USER DB_NAME USERNAME user LICENSE LICENSE_TYPE CERT CERTIFICATE CERT_ARN
certificate_arn PIN PINNED SPIN_COUNT OPINION PWA JAVA_OPTS TZ LANG HOSTNAME SERVICE_NAME VERSION COMMIT
BUILD_NUMBER REPLICAS TIMEOUT RETRIES THRESHOLD
""",
)


@pytest.mark.parametrize("name", SECRET)
def test_a_name_that_tells_of_a_secret_is_known(name: str) -> None:
    assert kind_of_secret(name)
    assert may_name_secret(name.lower())


def test_ordinary_names_stay_visible() -> None:
    assert len(set(HARMLESS)) >= 200
    assert {name: kind for name in HARMLESS if (kind := kind_of_secret(name))} == {}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_no_text_with_a_name_that_tells_of_a_secret_is_overlooked(kind: str, data: st.DataObject) -> None:
    name = data.draw(st.from_regex(re.compile(KINDS[kind], re.ASCII), fullmatch=True))
    assert may_name_secret(f"export {name.lower()}=x")


def test_a_text_without_any_name_that_tells_needs_no_look() -> None:
    assert not may_name_secret("arn:aws:s3:::shop/orders?version=3")


@pytest.mark.parametrize("hint", HINTS)
def test_each_hint_is_of_a_name_that_tells(hint: str) -> None:
    assert any(hint in name.lower() for name in SECRET) or any(hint in words for words in KINDS.values())
