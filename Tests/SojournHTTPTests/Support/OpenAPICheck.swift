#if HTTP
/// Checks an API description with the tools that other people use.
enum OpenAPICheck {
    /// What it imports.
    static let modules = "openapi_spec_validator, jsonschema, referencing"

    /// Reads `{"document": …, "samples": [[schema, body], …]}` and prints what is wrong, a line for each.
    static let script = #"""
        import json, sys
        from jsonschema import Draft202012Validator
        from openapi_spec_validator import OpenAPIV31SpecValidator
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012

        given = json.load(sys.stdin)
        document = given["document"]
        errors = [f"document: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        registry = Registry().with_resource("urn:api", resource)
        for schema, body in given["samples"]:
            validator = Draft202012Validator({"$ref": f"urn:api#/components/schemas/{schema}"}, registry=registry)
            errors += [f"{schema}: {error.json_path}: {error.message}" for error in validator.iter_errors(body)]
            if not isinstance(body, dict):
                continue
            # What is answered but not described is a gap in the description.
            known = document["components"]["schemas"][schema].get("properties", {})
            errors += [f"{schema}: {name} is not described" for name in body if name not in known]
        print("\n".join(errors))
        """#
}
#endif
