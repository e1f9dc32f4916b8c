"""An ACM certificate that is validated through DNS."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from constructs import Construct

MINUTE = 60


class Certificate(Construct):
    """A certificate for one domain; its ``arn`` is known only once ACM has validated it.

    ACM renews the certificate as long as the validation record exists
    (docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).

    domain: the only domain name of the certificate.
    zone_id: the public hosted zone that contains the domain.

    >>> certificate = Certificate(stack, "certificate", domain="my-app.example.com", zone_id="Z123")
    """

    def __init__(self, scope: Construct, id: str, *, domain: str, zone_id: str) -> None:
        super().__init__(scope, id)
        self.resource = AcmCertificate(
            self,
            "certificate",
            domain_name=domain,
            validation_method="DNS",
            # A listener must always have a certificate.
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        # One domain has exactly one validation option, so index 0 is safe before its value is known.
        option = f"tolist({self.resource.fqn}.domain_validation_options)[0]"
        self.record = Route53Record(
            self,
            "validation-record",
            zone_id=zone_id,
            name=f"${{{option}.resource_record_name}}",
            type=f"${{{option}.resource_record_type}}",
            records=[f"${{{option}.resource_record_value}}"],
            ttl=5 * MINUTE,
            # All certificates of the domain in one account share this record.
            allow_overwrite=True,
        )
        self.validation = AcmCertificateValidation(
            self,
            "validation",
            certificate_arn=self.resource.arn,
            validation_record_fqdns=[self.record.fqdn],
        )
        self.arn = self.validation.certificate_arn
