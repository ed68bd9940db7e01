using CampaignManager.Application.ShopData.Imports;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>What a person chose for a shop's files, as it is sent and kept.</summary>
public sealed class ShopMappingTests
{
    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSame()
    {
        var mapping = new ShopMapping
        {
            Template = "shopify",
            Zone = "Europe/London",
            Currency = "GBP",
            Encoding = "gb18030",
            Source = "till-2",
            Answers = new Dictionary<string, string> { ["two-readings-date:at"] = "day-first" },
        };

        var read = (ShopMapping)ShopMappingJson.Parse("orders", mapping.ToJson()).Value;

        Assert.Equal(mapping with { Answers = read.Answers }, read);
        Assert.Equal(mapping.Answers, read.Answers);
    }

    [Fact]
    public void Parse_TemplateSpreadOut_IsOwnAndOfTheKind()
    {
        var read = (ShopMapping)ShopMappingJson.Parse("orders", """{ "currency": "eur", "order": { "id": "bon" }, "line": { "sku": "a" } }""").Value;

        Assert.Equal("EUR", read.Currency);
        Assert.Contains("\"kind\":\"orders\"", read.Own, StringComparison.Ordinal);
        Assert.DoesNotContain("currency", read.Own!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "mapping")]
    [InlineData("{", "mapping")]
    [InlineData("""{ "zone": "Mars/Olympus" }""", "zone")]
    [InlineData("""{ "currency": "XX" }""", "currency")]
    [InlineData("""{ "encoding": "ebcdic" }""", "encoding")]
    [InlineData("""{ "template": 7 }""", "template")]
    [InlineData("""{ "order": { "colour": "red" } }""", "mapping.order.colour")]
    [InlineData("""{ "template": "a", "template": "b" }""", "mapping")]
    [InlineData("""{ "zone": "\ud800" }""", "mapping")]
    public void Parse_WhatCannotBe_NamesItsField(string json, string field)
    {
        var wrong = ShopMappingJson.Parse("orders", json);

        Assert.False(wrong.Succeeded);
        Assert.Contains(field, wrong.Failure.Errors!.Keys);
    }
}
