#!/bin/sh
# Makes in a MinIO the bucket S3_BUCKET, and a user with the key S3_ACCESS_KEY and S3_SECRET_KEY who may do what the app
# and an Egress service need there, and nothing else. It can be repeated. It needs mc, and reads from the environment:
# MINIO_URL, MINIO_ROOT_USER, MINIO_ROOT_PASSWORD, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY; RECORDINGS_PATH if it is set.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
admin() { mc --config-dir "$folder" --quiet "$@"; }

admin alias set minio "$MINIO_URL" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
admin mb --ignore-existing "minio/$S3_BUCKET"

cat > "$folder/policy.json" << EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:ListBucket"],
      "Resource": "arn:aws:s3:::$S3_BUCKET"
    },
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      "Resource": "arn:aws:s3:::$S3_BUCKET/${RECORDINGS_PATH-recordings/}*"
    }
  ]
}
EOF
policy="roomreel-$S3_BUCKET"
admin admin policy create minio "$policy" "$folder/policy.json"
admin admin user add minio "$S3_ACCESS_KEY" "$S3_SECRET_KEY"
# Some versions refuse what is attached already
admin admin policy attach minio "$policy" --user "$S3_ACCESS_KEY" ||
    case $(admin admin user info minio "$S3_ACCESS_KEY") in *"$policy"*) ;; *) exit 1 ;; esac
