using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Hosting;

/// <summary>What parts a multipart body, as its Content-Type names it.</summary>
internal static class MultipartBoundary
{
    // RFC 2046 allows 70 characters; some senders take a few more.
    private const int Longest = 200;

    /// <summary>Null for bodies of another kind.</summary>
    /// <exception cref="BadHttpRequestException">It says multipart, but not by what the parts are told apart.</exception>
    public static string? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= Longest
            ? boundary
            : throw new BadHttpRequestException($"The multipart body needs a boundary of 1 to {Longest} characters in its Content-Type.");
    }
}
