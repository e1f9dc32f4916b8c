"""Configurations before and after a change: what the reviews' plans are made from, with real Terraform."""

from dataclasses import dataclass, field

Files = dict[str, str]


@dataclass(frozen=True)
class Case:
    """What is applied, what is planned then, and how.

    fails: the apply before is meant to stop half-way; planning_fails: so is the plan. deposes: leave in the
    state what a replacement leaves that could not destroy the old object.
    """

    before: str = ""
    after: str = ""
    modules: Files = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    fails: bool = False
    planning_fails: bool = False
    deposes: bool = False


ODD_KEYS = r"""
resource "terraform_data" "odd" {
  for_each = toset([
    "plain", "with space", "quote\"d", "back\\slash", "dots.and[0]", "ünïcødé 漢字 🚀", "<b>html</b>",
    "| pipe `tick` *star*", "$${no_template}", "a/b:c", "@here", "",
  ])
  input = each.key
}
"""

MODULES = {
    "outer/main.tf": """
variable "names" { type = set(string) }
variable "secret" {
  type      = string
  sensitive = true
}
module "inner" {
  source   = "../inner"
  for_each = var.names
  name     = each.key
  secret   = var.secret
  before   = terraform_data.first.id
}
resource "terraform_data" "first" { input = 1 }
output "ids" { value = { for name, inner in module.inner : name => inner.id } }
""",
    "inner/main.tf": """
variable "name" { type = string }
variable "before" { type = string }
variable "secret" {
  type      = string
  sensitive = true
}
resource "terraform_data" "leaf" {
  count            = 2
  input            = { name = var.name, secret = var.secret }
  triggers_replace = var.before
}
output "id" { value = terraform_data.leaf[0].id }
""",
}
OUTER = """
module "outer" {
  source = "./outer"
  names  = ["a", "b.c"]
  secret = "SECRET-of-modules-1"
}
resource "terraform_data" "last" { input = module.outer.ids }
"""

SENSITIVE = """
variable "password" {
  type      = string
  sensitive = true
  default   = "SECRET-of-variable-%(n)s"
}
resource "terraform_data" "whole" { input = var.password }
resource "terraform_data" "nested" {
  input = {
    user  = "admin"
    deep  = [{ list = ["plain", var.password, terraform_data.whole.id] }]
    set   = toset(["plain-%(n)s", var.password])
    both  = { unknown = terraform_data.whole.output, known = var.password }
    shown = "plain-%(n)s"
  }
  triggers_replace = [var.password]
}
output "secret" {
  value     = { password = var.password, plain = "plain-%(n)s" }
  sensitive = true
}
output "shown" { value = "plain-%(n)s" }
"""

REPLACED = """
resource "terraform_data" "first" {
  input            = "%(n)s"
  triggers_replace = { version = "%(n)s", same = 1 }
}
resource "terraform_data" "second" {
  input            = terraform_data.first.id
  triggers_replace = terraform_data.first.id
  lifecycle { create_before_destroy = %(first)s }
}
"""

JSON_TEXT = """
resource "terraform_data" "a" {
  input = jsonencode({ Statement = [{ Action = %s }] })
}
"""

CASES = {
    "nothing": Case(
        """resource "terraform_data" "a" { input = 1 }""", """resource "terraform_data" "a" { input = 1 }"""
    ),
    "empty": Case(),
    "create": Case(
        after="""
resource "terraform_data" "a" {
  input = { text = "one\\ntwo", number = 1.5, yes = true, none = null, list = [1, [2]] }
}
resource "terraform_data" "b" { input = terraform_data.a.id }
output "id" { value = terraform_data.b.output }
"""
    ),
    "update": Case(
        """resource "terraform_data" "a" { input = { changed = 1, gone = "x", same = [1, 2] } }""",
        """resource "terraform_data" "a" { input = { changed = 2, new = "y", same = [1, 2] } }""",
    ),
    "json-text": Case(JSON_TEXT % '["a:B", "a:C"]', JSON_TEXT % '["a:C", "a:B", "a:D"]'),
    "replace": Case(REPLACED % {"n": 1, "first": "false"}, REPLACED % {"n": 2, "first": "false"}),
    "replace-create-first": Case(REPLACED % {"n": 1, "first": "true"}, REPLACED % {"n": 2, "first": "true"}),
    "replace-by-request": Case(
        """resource "terraform_data" "a" { input = 1 }""",
        """resource "terraform_data" "a" { input = 1 }""",
        arguments=("-replace=terraform_data.a",),
    ),
    "tainted": Case(
        """
resource "terraform_data" "a" {
  input = 1
  provisioner "local-exec" { command = "exit 1" }
}
""",
        """resource "terraform_data" "a" { input = 1 }""",
        fails=True,
    ),
    "deposed": Case(
        """resource "terraform_data" "a" { input = 1 }""",
        """resource "terraform_data" "a" { input = 1 }""",
        deposes=True,
    ),
    "destroy-one": Case(
        """
resource "terraform_data" "stays" { input = 1 }
resource "terraform_data" "goes" { input = 2 }
resource "terraform_data" "counted" {
  count = 3
  input = count.index
}
""",
        """
resource "terraform_data" "stays" { input = 1 }
resource "terraform_data" "counted" {
  count = 1
  input = count.index
}
""",
    ),
    "destroy-all": Case(
        """
resource "terraform_data" "a" { input = 1 }
output "o" { value = terraform_data.a.output }
""",
        """
resource "terraform_data" "a" { input = 1 }
output "o" { value = terraform_data.a.output }
""",
        arguments=("-destroy",),
    ),
    "move": Case(
        """
resource "terraform_data" "old" { input = 1 }
resource "terraform_data" "renamed" { input = 1 }
""",
        """
resource "terraform_data" "new" { input = 1 }
resource "terraform_data" "many" {
  for_each = { "k" = 2 }
  input    = each.value
}
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
moved {
  from = terraform_data.renamed
  to   = terraform_data.many["k"]
}
""",
    ),
    "import": Case(
        after="""
import {
  to = terraform_data.a
  id = "imported-id"
}
import {
  to = terraform_data.b
  id = "other-id"
}
resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" {}
""",
    ),
    "forget": Case(
        """
resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" { input = 1 }
""",
        """
removed {
  from = terraform_data.a
  lifecycle { destroy = false }
}
removed {
  from = terraform_data.b
  lifecycle { destroy = true }
}
""",
    ),
    "odd-keys": Case(after=ODD_KEYS),
    "odd-keys-destroy": Case(ODD_KEYS, arguments=("-destroy",)),
    "modules": Case(after=OUTER, modules=MODULES),
    "modules-change": Case(
        OUTER, OUTER.replace('["a", "b.c"]', '["b.c", "d"]').replace("-1", "-2"), modules=MODULES
    ),
    "sensitive": Case(after=SENSITIVE % {"n": 1}),
    "sensitive-change": Case(SENSITIVE % {"n": 1}, SENSITIVE % {"n": 2}),
    "unknown": Case(
        """
resource "terraform_data" "a" { triggers_replace = 1 }
resource "terraform_data" "b" { input = { id = terraform_data.a.id, list = [terraform_data.a.id, "x"] } }
""",
        """
resource "terraform_data" "a" { triggers_replace = 2 }
resource "terraform_data" "b" { input = { id = terraform_data.a.id, list = [terraform_data.a.id, "x"] } }
output "id" { value = terraform_data.b.output }
""",
    ),
    "only-outputs": Case(
        """output "a" { value = 1 }""", """output "a" { value = [2] }\noutput "b" { value = "new" }"""
    ),
    "read": Case(
        after="""
resource "terraform_data" "a" { input = "state.json" }
data "terraform_remote_state" "other" {
  backend  = "local"
  config   = { path = terraform_data.a.output }
  defaults = { x = 1 }
}
resource "terraform_data" "b" { input = data.terraform_remote_state.other.outputs }
"""
    ),
    "targeted": Case(
        after="""
resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" { input = 1 }
""",
        arguments=("-target=terraform_data.a",),
    ),
    "errored": Case(
        after="""
resource "terraform_data" "a" {
  input = 1
  lifecycle {
    postcondition {
      condition     = self.input == 2
      error_message = "it must be 2"
    }
  }
}
resource "terraform_data" "b" { input = 2 }
""",
        planning_fails=True,
    ),
}

POLICY = """
resource "aws_iam_role" "build" {
  name               = "build"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" } }
  ] })
}
resource "aws_iam_role_policy" "build" {
  name   = "build"
  role   = aws_iam_role.build.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = %(action)s, Resource = %(resource)s }
  ] })
}
"""
LOG_GROUP = """
resource "aws_cloudwatch_log_group" "app" {
  name              = "/shop/app"
  retention_in_days = %(days)s
}
"""
REPOSITORY = """
resource "aws_ecr_repository" "%(id)s" {
  name                 = "%(name)s"
  image_tag_mutability = "IMMUTABLE"
}
"""
NARROW = {"action": '["s3:GetObject", "s3:PutObject"]', "resource": '"arn:aws:s3:::shop/*"'}
WIDE = {"action": '"s3:*"', "resource": '"*"'}

AWS_CASES = {
    "aws-create": Case(
        after=LOG_GROUP % {"days": 30} + POLICY % NARROW + REPOSITORY % {"id": "main", "name": "shop"}
    ),
    "aws-update": Case(LOG_GROUP % {"days": 30} + POLICY % NARROW, LOG_GROUP % {"days": 7} + POLICY % WIDE),
    "aws-replace": Case(
        REPOSITORY % {"id": "main", "name": "shop"}, REPOSITORY % {"id": "main", "name": "shop-images"}
    ),
    "aws-rename-id": Case(
        REPOSITORY % {"id": "main", "name": "shop"}, REPOSITORY % {"id": "images", "name": "shop"}
    ),
    "aws-drift": Case(LOG_GROUP % {"days": 30}, LOG_GROUP % {"days": 30}),
    "aws-import": Case(
        after=LOG_GROUP % {"days": 30}
        + """
import {
  to = aws_cloudwatch_log_group.app
  id = "/shop/app"
}
""",
    ),
    "aws-secrets": Case(
        """
resource "aws_ssm_parameter" "password" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "SECRET-of-parameter-1"
}
""",
        """
resource "aws_ssm_parameter" "password" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "SECRET-of-parameter-2"
}
resource "aws_ssm_parameter" "plain" {
  name  = "/shop/db/user-password"
  type  = "String"
  value = "SECRET-in-plain-String"
}
""",
    ),
}
