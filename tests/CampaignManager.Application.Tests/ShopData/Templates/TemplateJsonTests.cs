using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.Tests.ShopData.Templates;

public sealed class TemplateJsonTests
{
    private const string Small = """
        { "name": "Mine", "source": "mine", "kind": "orders", "recognise": { "header": ["Nr", "When"] }, "shape": { "type": "repeated" },
          "order": { "id": "Nr", "at": { "column": "When", "formats": ["dd.MM.yyyy"] } }, "line": { "sku": ["A", "B"] } }
        """;

    public static TheoryData<string, string> BuiltIn() => [.. TemplateBook.BuiltIn.Select(t => (t.Source, t.Kind))];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Of_BuiltInTemplate_ReadsBackAsItWas(string source, string kind)
    {
        var template = new TemplateBook().Find(kind, source)!;
        var written = TemplateText.Of(template);
        var read = TemplateJson.Parse(written);
        Assert.True(read.Succeeded, string.Join("; ", read.Failure?.Errors?.Select(e => $"{e.Key}: {e.Value[0]}") ?? []));
        Assert.Equal(written, TemplateText.Of(read.Value));
    }

    [Theory]
    [InlineData("""{ "name": "x", "kind": "orders" }""", "order.id")]
    [InlineData("""{ "kind": "orders", "order": { "id": "Nr" } }""", "name")]
    [InlineData("""{ "name": "x", "kind": "sheep" }""", "kind")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr", "att": "When" } }""", "order.att")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr", "at": 3 } }""", "order.at")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr", "at": { "colum": "When" } } }""", "order.at.colum")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr", "customer": { "column": "M", "treat": "pseudonym" } } }""", "order.customer.as")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr", "status": { "rules": [ { "if": "`S` is 'x'", "is": "test" } ] } } }""", "order.status.rules[0].if")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr" }, "line": { "price": { "column": "P", "means": "both" } } }""", "line.price.means")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr" }, "shape": { "type": "first-row" } }""", "shape.start")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr" }, "zone": "Mars/Olympus" }""", "zone")]
    [InlineData("""{ "name": "x", "kind": "orders", "order": { "id": "Nr" }, "currency": "EURO" }""", "currency")]
    [InlineData("""[]""", "template")]
    [InlineData("""{ "name": """, "template")]
    public void Parse_SomethingWrong_NamesTheField(string json, string field)
    {
        var read = TemplateJson.Parse(json);
        Assert.False(read.Succeeded);
        Assert.Contains(field, read.Failure.Errors!.Keys);
    }

    [Theory]
    [InlineData("`Status` = 'paid'", true)]
    [InlineData("`Status` != 'paid'", false)]
    [InlineData("`Status` in ('open', 'PAID')", true)]
    [InlineData("`Note` missing and not `Status` has 'x'", true)]
    [InlineData("`Note` present or (`Total` > 3 and `Total` < 5)", true)]
    [InlineData("not (`Status` starts 'p')", false)]
    [InlineData("`It``s` = 'don''t'", true)]
    public void Holds_Condition_IsAsItReads(string text, bool holds)
    {
        var row = new Dictionary<string, string> { ["Status"] = "paid", ["Total"] = "4.5", ["It`s"] = "don't" };
        Assert.Equal(holds, Expression.Parse(text).Holds(c => row.GetValueOrDefault(c)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("`a` = b")]
    [InlineData("`a` = 'b' and")]
    [InlineData("(`a` present")]
    [InlineData("`a` present `b` present")]
    [InlineData("'a' = 'b'")]
    public void Parse_NoCondition_SaysWhere(string text) => Assert.Throws<FormatException>(() => Expression.Parse(text));

    [Fact]
    public void Parse_BracketsWithoutEnd_IsRefusedNotRunInto() =>
        Assert.Throws<FormatException>(() => Expression.Parse(new string('(', 100_000)));

    [Fact]
    public void Recognise_SavedBesideBuiltIn_TheSavedOneStandsFirst()
    {
        var mine = TemplateJson.Parse(Small).Value;
        var book = new TemplateBook(mine);
        Assert.Same(mine, Assert.Single(book.Recognise(TemplateKinds.Orders, [["When", "Nr", "A"]])));
        Assert.Empty(book.Recognise(TemplateKinds.Orders, [["X", "Y"]]));
    }

    [Fact]
    public void Recognise_TwoThatFitAsWell_AreBothNamed()
    {
        var mine = TemplateJson.Parse(Small).Value;
        var other = mine with { Name = "Other", Source = "other" };
        Assert.Equal(["mine", "other"], new TemplateBook(mine, other).Recognise(TemplateKinds.Orders, [["Nr", "When"]])
            .Select(t => t.Source));
    }
}
