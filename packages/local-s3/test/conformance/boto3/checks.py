"""What boto3 does with an S3, a function for each thing: `checks.py WORLD URL` runs them, `checks.py` names them.

WORLD is `local-s3` or `minio`. Each line of the output is JSON: a name, or a name and what went wrong, if anything.
"""

import hashlib
import io
import json
import os
import sys
import tempfile
import traceback
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

ACCESS_KEY, SECRET_KEY, BUCKET = "conformance", "conformance-secret", "conformance-bucket"
MIB = 1024**2
LARGE = hashlib.sha256(b"large").digest() * (9 * MIB // 32) + b"the end"
IN_PARTS = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=2)

world, url = (sys.argv + ["", ""])[1:3]
checks = []


def check(function):
    checks.append(function)
    return function


def differs(local_s3, minio):
    """What the two answer where they differ: a row of the table in the package's README."""
    return {"local-s3": local_s3, "minio": minio}[world]


def options(key=ACCESS_KEY, secret=SECRET_KEY, **config):
    keys = {"aws_access_key_id": key, "aws_secret_access_key": secret, "region_name": "us-east-1"}
    return {"endpoint_url": url, **keys, **({"config": Config(**config)} if config else {})}


def client(**more):
    return boto3.client("s3", **options(**more))


def new_key(name="file"):
    return f"{uuid.uuid4().hex}/{name}"


def put(body=b"hello world", **more):
    key = new_key()
    client().put_object(Bucket=BUCKET, Key=key, Body=body, **more)
    return key


def read(key, **more):
    return client().get_object(Bucket=BUCKET, Key=key, **more)["Body"].read()


def is_equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


@contextmanager
def refused(code, status, kind=ClientError):
    try:
        yield
    except kind as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        is_equal(found, (code, status))
    else:
        raise AssertionError(f"{code} was expected, and nothing was refused")


def fetch(address, method="GET", body=None, headers=None):
    """As someone who has nothing but the URL. Returns status and body."""
    request = urllib.request.Request(address, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@check
def puts_gets_and_heads_an_object():
    key = put(ContentType="text/plain", Metadata={"one": "1"}, CacheControl="no-cache")
    for answer in (client().get_object(Bucket=BUCKET, Key=key), client().head_object(Bucket=BUCKET, Key=key)):
        is_equal(answer["ETag"], '"5eb63bbbe01eeed093cb22bb8f5acdc3"')
        is_equal((answer["ContentLength"], answer["ContentType"]), (11, "text/plain"))
        is_equal((answer["Metadata"], answer["CacheControl"]), ({"one": "1"}, "no-cache"))
        is_equal(answer["AcceptRanges"], "bytes")
    is_equal(read(key), b"hello world")


@check
def gets_ranges():
    key = put()
    answer = client().get_object(Bucket=BUCKET, Key=key, Range="bytes=6-8")
    is_equal(answer["ResponseMetadata"]["HTTPStatusCode"], 206)
    is_equal((answer["Body"].read(), answer["ContentRange"]), (b"wor", "bytes 6-8/11"))
    is_equal(read(key, Range="bytes=-5"), b"world")
    with refused("InvalidRange", 416):
        read(key, Range="bytes=11-")


@check
def puts_with_each_checksum_and_reads_it_back():
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        key = put(ChecksumAlgorithm=algorithm)
        head = client().head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
        assert head[f"Checksum{algorithm}"], algorithm
        is_equal(read(key, ChecksumMode="ENABLED"), b"hello world")


@check
def uploads_a_large_file_in_parts_and_downloads_it():
    key, back = new_key(), io.BytesIO()
    client().upload_fileobj(io.BytesIO(LARGE), BUCKET, key, ExtraArgs={"ContentType": "video/mp4"})
    head = client().head_object(Bucket=BUCKET, Key=key)
    is_equal((head["ContentLength"], head["ContentType"]), (len(LARGE), "video/mp4"))
    assert head["ETag"].endswith('-2"'), head["ETag"]
    client().download_fileobj(BUCKET, key, back)
    assert back.getvalue() == LARGE


@check
def uploads_a_file_and_downloads_it_by_name():
    with tempfile.TemporaryDirectory() as folder:
        there, back, key = os.path.join(folder, "there"), os.path.join(folder, "back"), new_key()
        with open(there, "wb") as file:
            file.write(LARGE)
        client().upload_file(there, BUCKET, key, Config=IN_PARTS)
        client().download_file(BUCKET, key, back, Config=IN_PARTS)
        with open(back, "rb") as file:
            assert file.read() == LARGE


@check
def copies_a_large_object_in_parts():
    source, target = new_key("source ä+b"), new_key()
    client().upload_fileobj(io.BytesIO(LARGE), BUCKET, source)
    client().copy({"Bucket": BUCKET, "Key": source}, BUCKET, target, Config=IN_PARTS)
    assert read(target) == LARGE


@check
def copies_an_object_with_other_metadata():
    source, target = put(Metadata={"a": "1"}), new_key()
    from_there = {"CopySource": {"Bucket": BUCKET, "Key": source}, "Bucket": BUCKET, "Key": target}
    client().copy_object(**from_there)
    is_equal(client().head_object(Bucket=BUCKET, Key=target)["Metadata"], {"a": "1"})
    client().copy_object(**from_there, MetadataDirective="REPLACE", Metadata={"b": "2"})
    is_equal(client().head_object(Bucket=BUCKET, Key=target)["Metadata"], {"b": "2"})


@check
def makes_a_multipart_upload_by_hand():
    s3, key = client(), new_key()
    at = {"Bucket": BUCKET, "Key": key, "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]}
    bodies = [LARGE[: 5 * MIB], LARGE[5 * MIB :]]
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**at, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate(bodies, start=1)
    ]
    is_equal([part["Size"] for part in s3.list_parts(**at)["Parts"]], [len(body) for body in bodies])
    s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
    assert read(key) == LARGE
    is_equal(read(key, PartNumber=2), bodies[1])


@check
def aborts_a_multipart_upload():
    s3, key = client(), new_key()
    at = {"Bucket": BUCKET, "Key": key, "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]}
    listed = s3.list_multipart_uploads(Bucket=BUCKET, Prefix=key)["Uploads"]
    is_equal([upload["UploadId"] for upload in listed], [at["UploadId"]])
    s3.abort_multipart_upload(**at)
    with refused("NoSuchUpload", 404):
        s3.upload_part(**at, PartNumber=1, Body=b"x")


def pages(operation, prefix, **more):
    paginator = client().get_paginator(operation)
    return list(paginator.paginate(Bucket=BUCKET, Prefix=prefix, PaginationConfig={"PageSize": 2}, **more))


def put_some(names=("a", "b", "c/d", "c/e", "ä &+%")):
    folder = f"{uuid.uuid4().hex}/"
    for name in names:
        client().put_object(Bucket=BUCKET, Key=folder + name, Body=b"x")
    return folder


def lists_pages(operation):
    folder = put_some()
    found = pages(operation, folder)
    keys = [item["Key"].removeprefix(folder) for page in found for item in page.get("Contents", [])]
    is_equal(keys, ["a", "b", "c/d", "c/e", "ä &+%"])
    is_equal([len(page.get("Contents", [])) for page in found], [2, 2, 1])


@check
def lists_objects_page_by_page():
    lists_pages("list_objects")


@check
def lists_objects_v2_page_by_page():
    lists_pages("list_objects_v2")


def lists_folders(operation):
    folder = put_some()
    found = pages(operation, folder, Delimiter="/")
    keys = [item["Key"].removeprefix(folder) for page in found for item in page.get("Contents", [])]
    prefixes = [item["Prefix"].removeprefix(folder) for page in found for item in page.get("CommonPrefixes", [])]
    is_equal((keys, prefixes), (["a", "b", "ä &+%"], ["c/"]))


@check
def lists_folders_page_by_page():
    lists_folders("list_objects")


@check
def lists_folders_v2_page_by_page():
    lists_folders("list_objects_v2")


@check
def lists_nothing():
    for operation in ("list_objects", "list_objects_v2"):
        is_equal(["Contents" in page for page in pages(operation, "nothing/")], [False])


@check
def deletes_an_object_and_what_is_not_there():
    key = put()
    for _ in range(2):
        is_equal(client().delete_object(Bucket=BUCKET, Key=key)["ResponseMetadata"]["HTTPStatusCode"], 204)
    with refused("404", 404):
        client().head_object(Bucket=BUCKET, Key=key)


@check
def deletes_many_objects():
    keys = [put(), put(), new_key("not there")]
    wanted = {"Objects": [{"Key": key} for key in keys]}
    answer = client().delete_objects(Bucket=BUCKET, Delete=wanted)
    is_equal(sorted(each["Key"] for each in answer["Deleted"]), sorted(keys))
    is_equal("Deleted" in client().delete_objects(Bucket=BUCKET, Delete={**wanted, "Quiet": True}), False)
    with refused("NoSuchKey", 404):
        read(keys[0])


@check
def puts_on_condition():
    key = put()
    with refused("PreconditionFailed", 412):
        client().put_object(Bucket=BUCKET, Key=key, Body=b"other", IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        client().put_object(Bucket=BUCKET, Key=key, Body=b"other", IfMatch='"00000000000000000000000000000000"')
    is_equal(read(key), b"hello world")
    client().put_object(Bucket=BUCKET, Key=key, Body=b"other", IfMatch='"5eb63bbbe01eeed093cb22bb8f5acdc3"')
    is_equal(read(key), b"other")
    client().put_object(Bucket=BUCKET, Key=new_key(), Body=b"x", IfNoneMatch="*")


@check
def gets_on_condition():
    key, etag = put(), '"5eb63bbbe01eeed093cb22bb8f5acdc3"'
    is_equal(read(key, IfMatch=etag), b"hello world")
    with refused("PreconditionFailed", 412):
        read(key, IfMatch='"other"')
    with refused("304", 304):
        read(key, IfNoneMatch=etag)


def uses_presigned_urls(sign_parameter, **config):
    s3, at = client(**config), {"Bucket": BUCKET, "Key": new_key("ä b+c.txt")}

    def url_for(operation, **more):
        address = s3.generate_presigned_url(operation, Params={**at, **more}, ExpiresIn=300)
        assert f"{sign_parameter}=" in address, address
        return address

    typed = {"Content-Type": "text/plain"}
    is_equal(fetch(url_for("put_object", ContentType="text/plain"), "PUT", b"hello", typed), (200, b""))
    is_equal(s3.head_object(**at)["ContentType"], "text/plain")
    is_equal(fetch(url_for("put_object", ContentType="text/plain"), "PUT", b"x", {"Content-Type": "a/b"})[0], 403)
    get = url_for("get_object")
    is_equal(fetch(get), (200, b"hello"))
    is_equal(fetch(get, headers={"Range": "bytes=1-2"}), (206, b"el"))
    is_equal(fetch(get, "PUT", b"x", typed)[0], 403)
    is_equal(fetch(get.replace("%20b", "%20c"))[0], 403)
    is_equal(fetch(url_for("head_object"), "HEAD"), (200, b""))
    label = 'attachment; filename="a b.txt"'
    with urllib.request.urlopen(url_for("get_object", ResponseContentDisposition=label)) as response:
        is_equal(response.headers["Content-Disposition"], label)
    status, body = fetch(s3.generate_presigned_url("get_object", Params=at, ExpiresIn=-10))
    # boto3 lets Version 4 say that it ended before it began
    is_equal(status, 403 if sign_parameter == "Signature" else 400)
    assert body.startswith(b"<?xml"), body
    is_equal(fetch(url_for("delete_object"), "DELETE"), (204, b""))
    is_equal(fetch(get)[0], 404)


@check
def uses_presigned_urls_of_the_default_version():
    uses_presigned_urls("Signature")


@check
def uses_presigned_urls_of_version_4():
    uses_presigned_urls("X-Amz-Signature", signature_version="s3v4")


@check
def uploads_by_a_presigned_post():
    for config in ({}, {"signature_version": "s3v4"}):
        key, boundary = new_key(), uuid.uuid4().hex
        post = client(**config).generate_presigned_post(BUCKET, key, ExpiresIn=300)
        fields = [*post["fields"].items(), ("file", "hello")]
        lines = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields]
        body = f"{''.join(lines)}--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        is_equal(fetch(post["url"], "POST", body, headers)[0], differs(local_s3=501, minio=204))


@check
def waits_for_objects_and_buckets():
    s3, bucket, key = client(), f"bucket-{uuid.uuid4().hex}", put()
    once = {"WaiterConfig": {"Delay": 0, "MaxAttempts": 1}}
    s3.get_waiter("object_exists").wait(Bucket=BUCKET, Key=key, **once)
    s3.delete_object(Bucket=BUCKET, Key=key)
    s3.get_waiter("object_not_exists").wait(Bucket=BUCKET, Key=key, **once)
    s3.get_waiter("bucket_not_exists").wait(Bucket=bucket, **once)
    s3.create_bucket(Bucket=bucket)
    s3.get_waiter("bucket_exists").wait(Bucket=bucket, **once)
    s3.delete_bucket(Bucket=bucket)
    try:
        s3.get_waiter("bucket_exists").wait(Bucket=bucket, **once)
    except WaiterError:
        return
    raise AssertionError("a bucket that was deleted exists")


@check
def works_with_resources():
    bucket = boto3.resource("s3", **options()).Bucket(BUCKET)
    folder = f"{uuid.uuid4().hex}/"
    item = bucket.Object(f"{folder}one")
    item.put(Body=b"one", Metadata={"n": "1"})
    bucket.upload_fileobj(io.BytesIO(b"two"), f"{folder}two")
    item.load()
    is_equal((item.content_length, item.metadata, item.get()["Body"].read()), (3, {"n": "1"}, b"one"))
    is_equal([each.key for each in bucket.objects.filter(Prefix=folder)], [f"{folder}one", f"{folder}two"])
    bucket.Object(f"{folder}three").copy({"Bucket": BUCKET, "Key": f"{folder}two"})
    is_equal(bucket.Object(f"{folder}three").get()["Body"].read(), b"two")
    is_equal(len(bucket.objects.filter(Prefix=folder).delete()[0]["Deleted"]), 3)
    is_equal(list(bucket.objects.filter(Prefix=folder)), [])


@check
def gets_the_attributes_of_an_object():
    everything = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    key = put(ChecksumAlgorithm="SHA256")
    found = client().get_object_attributes(Bucket=BUCKET, Key=key, ObjectAttributes=everything)
    is_equal((found["ETag"], found["ObjectSize"]), ("5eb63bbbe01eeed093cb22bb8f5acdc3", 11))
    is_equal(found["StorageClass"], "STANDARD")
    is_equal(found["Checksum"]["ChecksumSHA256"], "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=")
    is_equal(found["ObjectParts"]["TotalPartsCount"], 1)
    large = new_key()
    client().upload_fileobj(io.BytesIO(LARGE), BUCKET, large)
    found = client().get_object_attributes(Bucket=BUCKET, Key=large, ObjectAttributes=["ObjectParts", "ObjectSize"])
    is_equal(found["ObjectSize"], len(LARGE))
    is_equal([part["Size"] for part in found["ObjectParts"]["Parts"]], [8 * MIB, len(LARGE) - 8 * MIB])


@check
def names_what_is_wrong():
    s3, key, nowhere = client(), put(), f"bucket-{uuid.uuid4().hex}"
    with refused("NoSuchKey", 404, s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=BUCKET, Key="nothing")
    with refused("404", 404):
        s3.head_object(Bucket=BUCKET, Key="nothing")
    with refused("NoSuchBucket", 404):
        s3.put_object(Bucket=nowhere, Key="x", Body=b"")
    with refused("NoSuchBucket", 404):
        s3.list_objects_v2(Bucket=nowhere)
    with refused("BucketAlreadyOwnedByYou", 409):
        s3.create_bucket(Bucket=BUCKET)
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=BUCKET)
    with refused("InvalidAccessKeyId", 403):
        client(key="unknown").get_object(Bucket=BUCKET, Key=key)
    with refused("SignatureDoesNotMatch", 403):
        client(secret="wrong").get_object(Bucket=BUCKET, Key=key)
    with refused("EntityTooSmall", 400):
        at = {"Bucket": BUCKET, "Key": key, "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]}
        etags = [s3.upload_part(**at, PartNumber=number, Body=b"x")["ETag"] for number in (1, 2)]
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, start=1)]
        s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})


def name_of(function):
    return function.__name__.replace("_", " ")


def run(function):
    try:
        function()
    except Exception:
        return {"name": name_of(function), "error": traceback.format_exc()}
    return {"name": name_of(function)}


for each in checks:
    print(json.dumps(run(each) if url else name_of(each)), flush=True)
