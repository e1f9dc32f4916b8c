"""An ACM certificate that proves its domain through DNS."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from constructs import Construct

MINUTE = 60


class Certificate(Construct):
    """A certificate for one domain, usable once ``arn`` is known: that waits for its validation.

    ACM renews it by itself as long as the validation record stays
    (docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).

    domain: the one name that it is for.
    zone_id: the public hosted zone that the domain lies in.

    >>> certificate = Certificate(stack, "certificate", domain="my-app.example.com", zone_id="Z123")
    """

    def __init__(self, scope: Construct, id: str, *, domain: str, zone_id: str) -> None:
        super().__init__(scope, id)
        self.resource = AcmCertificate(
            self,
            "certificate",
            domain_name=domain,
            validation_method="DNS",
            # A listener must never be without one.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        # One domain has one option, known to exist before it is known what it says: no for_each.
        option = f"tolist({self.resource.fqn}.domain_validation_options)[0]"
        self.record = Route53Record(
            self,
            "validation-record",
            zone_id=zone_id,
            name=f"${{{option}.resource_record_name}}",
            type=f"${{{option}.resource_record_type}}",
            records=[f"${{{option}.resource_record_value}}"],
            ttl=5 * MINUTE,
            # The record is the same for every certificate of the domain in the account.
            allow_overwrite=True,
        )
        self.validation = AcmCertificateValidation(
            self,
            "validation",
            certificate_arn=self.resource.arn,
            validation_record_fqdns=[self.record.fqdn],
        )
        self.arn = self.validation.certificate_arn
