using CampaignManager.Web.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class LineLogTests
{
    [Theory]
    [InlineData("Autumn\ninfo: x[0]\n      Audit: Ada (1) approved campaign 2", @"      Autumn\ninfo: x[0]\n      Audit: Ada (1) approved campaign 2")]
    [InlineData("Autumn\u2028Audit\u0085\u001b[2J\r", @"      Autumn\u2028Audit\u0085\u001b[2J\r")]
    [InlineData("满减 é", "      满减 é")]
    public void Write_LineBreaksInAName_StayOnTheLine(string message, string line)
    {
        using var text = new StringWriter();
        new LineLog().Write(new LogEntry<string>(LogLevel.Information, "Campaigns", default, message, null, (state, _) => state), null,
            text);
        Assert.Equal(["info: Campaigns[0]", line], text.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Write_Exception_CannotBeTakenForALineOfItsOwn()
    {
        using var text = new StringWriter();
        var fault = new InvalidOperationException("bad name 'x\ninfo: Audit[0]'");
        new LineLog().Write(new LogEntry<string>(LogLevel.Error, "Jobs", default, "It failed.", fault, (state, _) => state), null, text);
        Assert.All(text.ToString().TrimEnd('\n').Split('\n').Skip(1), line => Assert.StartsWith("      ", line));
    }
}
