using System.Buffers;
using System.Text.Json;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

/// <summary>
/// Reads what is to be quoted: what a checkout usually sends by <see cref="CartReader"/>, anything else as every other body of the API.
/// </summary>
internal static class QuoteBody
{
    private const int MostBytes = 64 * 1024;

    /// <exception cref="BadHttpRequestException">There is no body, or it is not such JSON.</exception>
    public static async ValueTask<QuoteInput> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentType is "application/json" or "application/json; charset=utf-8" && await TryReadAsync(http) is { } read)
            return read;
        return await http.BodyAsync<QuoteInput>() ?? throw new BadHttpRequestException("This call needs a JSON body.");
    }

    /// <summary>Leaves the body as if it had not been touched, unless it returns what is in it.</summary>
    private static async ValueTask<QuoteInput?> TryReadAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var bytes = read.Buffer;
            if (!read.IsCompleted && !read.IsCanceled && bytes.Length <= MostBytes)
            {
                body.AdvanceTo(bytes.Start, bytes.End);
                continue;
            }

            var input = read.IsCompleted && bytes.Length <= MostBytes ? Parsed(bytes) : null;
            body.AdvanceTo(input is null ? bytes.Start : bytes.End);
            return input;
        }
    }

    private static QuoteInput? Parsed(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return Parsed(bytes.FirstSpan);
        var whole = ArrayPool<byte>.Shared.Rent((int)bytes.Length);
        bytes.CopyTo(whole);
        var input = Parsed(whole.AsSpan(0, (int)bytes.Length));
        ArrayPool<byte>.Shared.Return(whole);
        return input;
    }

    private static QuoteInput? Parsed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = new Utf8JsonReader(bytes);
            return json.Read() && TryRead(ref json, out var input) && !json.Read() ? input : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Broken JSON or text that is no UTF-8: said by the serializer, with the path.
            return null;
        }
    }

    private static bool TryRead(ref Utf8JsonReader json, out QuoteInput? input)
    {
        input = null;
        CartInput? cart = null;
        string? explain = null;
        IReadOnlyList<string?>? include = null;
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        while (CartReader.Name(ref json, out var name))
        {
            var known =
                name.SequenceEqual("cart"u8) ? CartReader.TryRead(ref json, out cart)
                : name.SequenceEqual("explain"u8) ? CartReader.Text(ref json, out explain)
                : name.SequenceEqual("include"u8) && CartReader.Texts(ref json, out include);
            if (!known)
                return false;
        }

        input = new QuoteInput { Cart = cart, Explain = explain, Include = include };
        return json.TokenType == JsonTokenType.EndObject;
    }
}
